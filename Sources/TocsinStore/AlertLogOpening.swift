/// What opening the alert log does before the first append: check, keep aside, cut, synchronise.
struct AlertLogOpening {
    var wholeLength: Int64
    var firstSeq: UInt64
    var report: AlertLog.Opening

    static func examine(
        _ file: OpenFile, of files: AlertLogFiles, limits: AlertLogLimits,
        policy: AlertLog.DamagePolicy
    ) throws(StoreError) -> AlertLogOpening {
        let fileSystem = files.fileSystem
        let tail = try AlertLogTail.read(file, limits: limits, fileSystem: fileSystem)
        if let damage = tail.damage, policy == .refuse { throw .logDamaged(damage) }
        // A whole file was cut or rotated away: the chain goes on from the newest rotated file.
        let last = if let last = tail.last { last } else { try lastRotated(of: files, limits) }
        let nextSeq = (last?.seq ?? 0) + 1
        var report = AlertLog.Opening(
            lastSeq: nextSeq - 1, lastHash: last?.hash, cutBytes: tail.length - tail.wholeLength,
            damage: tail.damage)
        if report.cutBytes > 0 {
            let path = files.cutPath(seq: nextSeq)
            try keep(from: tail.wholeLength, of: file, in: path, fileSystem)
            try fileSystem.truncate(file, to: tail.wholeLength)
            report.cutPath = path
        }
        try fileSystem.synchronise(file)
        try fileSystem.synchroniseDirectory(files.directory)
        let firstSeq = tail.last == nil ? nextSeq : try files.firstSeq(of: file)
        guard let firstSeq else {
            throw .logDamaged(
                ChainBreak(path: file.path, line: 1, offset: 0, seq: nil, kind: .shape))
        }
        return AlertLogOpening(wholeLength: tail.wholeLength, firstSeq: firstSeq, report: report)
    }

    // A rotated file was whole when it was renamed: anything torn in it is damage.
    private static func lastRotated(
        of files: AlertLogFiles, _ limits: AlertLogLimits
    ) throws(StoreError) -> (seq: UInt64, hash: SHA256Digest)? {
        guard let newest = try files.rotated().last else { return nil }
        let file = try files.fileSystem.open(newest.path, .read)
        defer { files.fileSystem.close(file) }
        let tail = try AlertLogTail.read(file, limits: limits, fileSystem: files.fileSystem)
        if let damage = tail.damage { throw .logDamaged(damage) }
        let torn = tail.length - tail.wholeLength
        guard torn == 0, let last = tail.last else {
            throw .logDamaged(
                ChainBreak(
                    path: newest.path, line: nil, offset: tail.wholeLength,
                    seq: tail.last.map { $0.seq + 1 }, kind: .tornTail(bytes: torn)))
        }
        return last
    }

    // Appends, so that a second cut at the same entry keeps the first one's bytes too.
    private static func keep(
        from start: Int64, of file: OpenFile, in path: String, _ fileSystem: any FileSystem
    ) throws(StoreError) {
        let target = try fileSystem.open(path, .readWriteCreate)
        defer { fileSystem.close(target) }
        var end = try fileSystem.length(target)
        var position = start
        var chunk = zeroBytes(64 << 10)
        while true {
            let count = try fileSystem.readAll(file, at: position, into: &chunk)
            guard count > 0 else { break }
            try fileSystem.writeAll(Array(chunk[..<count]), to: target, at: end)
            end += Int64(count)
            position += Int64(count)
        }
        try fileSystem.synchronise(target)
    }
}
