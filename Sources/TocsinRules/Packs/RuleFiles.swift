import Glibc

/// Finds and reads rules files: the only part of the loader that touches the file system.
package enum RuleFiles {
    /// Files under one path; more are refused: a wrong path such as `/` must not be walked.
    package static let filesMax = 4096
    /// Folders inside each other; also ends loops of links.
    package static let depthMax = 16

    /// Everything a rule set needs: the rules under `paths` (files as given, folders with all
    /// `*.yaml` and `*.yml` below, in byte order of their relative names), then the inventory.
    /// What cannot be read is reported and left out.
    package static func bundle(
        paths: [String], inventory: String?, day: CalendarDay,
        reporting diagnostics: DiagnosticList
    ) -> RuleBundle {
        var files: [RuleBundle.File] = []
        var seen: Set<String> = []
        for path in paths {
            for found in find(path, reporting: diagnostics) where seen.insert(found.path).inserted {
                guard
                    let bytes = read(
                        found.path, limit: YAMLLimits().bytes, reporting: diagnostics)
                else { continue }
                files.append(
                    RuleBundle.File(
                        role: .rules, name: found.name, path: found.path, bytes: bytes))
            }
        }
        if let inventory,
            let bytes = read(inventory, limit: InventoryReader.byteLimit, reporting: diagnostics)
        {
            files.append(
                RuleBundle.File(
                    role: .inventory, name: lastPart(inventory), path: inventory, bytes: bytes))
        }
        return RuleBundle(files: files, day: day)
    }

    private static func read(
        _ path: String, limit: Int, reporting diagnostics: DiagnosticList
    ) -> [UInt8]? {
        do throws(FileReadError) {
            return try FileBytes.read(path: path, limit: limit)
        } catch {
            diagnostics.add(Diagnostic(.error, path: path, "\(error)"))
            return nil
        }
    }

    /// Whether a path is a folder; false also where there is nothing.
    package static func isFolder(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    /// One name for a file however it is reached; the path itself where there is no file.
    static func canonicalPath(_ path: String) -> String {
        guard let resolved = realpath(path, nil) else { return path }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    private static func lastPart(_ path: String) -> String {
        path.split(separator: "/").last.map(String.init) ?? path
    }

    /// The rules files of a path, with names relative to it.
    package static func find(
        _ path: String, reporting diagnostics: DiagnosticList
    ) -> [(name: String, path: String)] {
        guard isFolder(path) else { return [(lastPart(path), path)] }
        var names: [String] = []
        walk(path, prefix: "", depth: 0, &names, diagnostics)
        if names.isEmpty {
            diagnostics.add(
                Diagnostic(.warning, path: path, "the folder has no rules: no *.yaml below it"))
        }
        // Byte order, not the locale's: the same on every machine.
        names.sort { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        let base = path.hasSuffix("/") ? String(path.dropLast()) : path
        return names.map { ($0, "\(base)/\($0)") }
    }

    private static func walk(
        _ folder: String, prefix: String, depth: Int, _ names: inout [String],
        _ diagnostics: DiagnosticList
    ) {
        guard depth < depthMax else {
            diagnostics.add(
                Diagnostic(
                    .error, path: folder, "more than \(depthMax) folders inside each other"))
            return
        }
        guard let handle = opendir(folder) else {
            diagnostics.add(
                Diagnostic(
                    .error, path: folder, "cannot be read: \(String(cString: strerror(errno)))"))
            return
        }
        defer { closedir(handle) }
        while let entry = readdir(handle) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            // Editors and packagers leave hidden files behind.
            guard !name.hasPrefix(".") else { continue }
            guard names.count < filesMax else {
                diagnostics.add(
                    Diagnostic(.error, path: folder, "more than \(filesMax) rules files"))
                return
            }
            let path = "\(folder)/\(name)"
            if isFolder(path) {
                walk(path, prefix: "\(prefix)\(name)/", depth: depth + 1, &names, diagnostics)
            } else if name.hasSuffix(".yaml") || name.hasSuffix(".yml") {
                names.append(prefix + name)
            }
        }
    }
}
