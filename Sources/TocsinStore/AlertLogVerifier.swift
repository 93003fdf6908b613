/// An entry and its hash, as `log verify --head` names it.
package struct AlertLogPosition: Hashable, Sendable {
    package var seq: UInt64
    package var hash: SHA256Digest

    package init(seq: UInt64, hash: SHA256Digest) {
        self.seq = seq
        self.hash = hash
    }

    /// Reads `SEQ:HASH`, the hash with or without `sha256:` before it; nil when it is neither.
    package init?(parsing text: some StringProtocol) {
        guard let colon = text.firstIndex(of: ":"), let seq = UInt64(text[..<colon]), seq > 0
        else { return nil }
        var digits = text[text.index(after: colon)...]
        if digits.hasPrefix("sha256:") { digits = digits.dropFirst("sha256:".count) }
        guard let hash = SHA256Digest(hex: String(digits)) else { return nil }
        self.init(seq: seq, hash: hash)
    }

    /// `SEQ:sha256:HASH`.
    package var text: String { "\(seq):sha256:\(hash.hex)" }
}

/// Checks the whole hash chain of an alert log, through all its files, without changing anything.
package struct AlertLogVerifier {
    /// What the check found.
    package struct Report: Hashable, Sendable {
        /// Entries that hold, from the first on.
        package var entries: UInt64 = 0
        package var files = 0
        /// The first entry kept: above 1 when older files were moved elsewhere.
        package var firstSeq: UInt64?
        /// The last entry that holds; nil when none does.
        package var head: AlertLogPosition?
        /// The first entry that does not hold; nil for a whole chain.
        package var damage: ChainBreak?
    }

    private let files: AlertLogFiles
    private let limits: AlertLogLimits
    private let expected: AlertLogPosition?
    private var report = Report()
    private var sawExpected = false

    /// Checks the log at `path`; `expected` is a head noted earlier, which finds a tail that was
    /// cut off or rewritten.
    ///
    /// A broken chain is in the report, not thrown; throws `system` when a file cannot be read.
    package static func verify(
        path: String, expecting expected: AlertLogPosition? = nil,
        fileSystem: any FileSystem = LocalFileSystem(), limits: AlertLogLimits = AlertLogLimits()
    ) throws(StoreError) -> Report {
        var verifier = AlertLogVerifier(
            files: AlertLogFiles(path: path, fileSystem: fileSystem), limits: limits,
            expected: expected)
        try verifier.run()
        return verifier.report
    }

    private init(files: AlertLogFiles, limits: AlertLogLimits, expected: AlertLogPosition?) {
        self.files = files
        self.limits = limits
        self.expected = expected
    }

    // The current file is opened first: a rotation meanwhile shows as its own name in the list.
    private mutating func run() throws(StoreError) {
        let fileSystem = files.fileSystem
        let current = try fileSystem.openIfPresent(files.path, .read)
        defer { if let current { fileSystem.close(current) } }
        let currentFirst: UInt64? = if let current { try files.firstSeq(of: current) } else { nil }
        for rotated in try files.rotated() where rotated.firstSeq < currentFirst ?? .max {
            let file = try fileSystem.open(rotated.path, .read)
            defer { fileSystem.close(file) }
            try check(file, namedFirstSeq: rotated.firstSeq)
            if report.damage != nil { return }
        }
        if let current { try check(current, namedFirstSeq: nil) }
        if report.damage == nil { checkExpectedWasSeen() }
    }

    private mutating func check(
        _ file: OpenFile, namedFirstSeq: UInt64?
    ) throws(StoreError) {
        report.files += 1
        var scanner = LineScanner(
            file, lineLimit: limits.lineBytes, fileSystem: files.fileSystem)
        while let range = try scanner.next() {
            let named = scanner.line == 1 ? namedFirstSeq : nil
            if let kind = checkNext(scanner.bytes, range, namedSeq: named) {
                report.damage = damage(
                    file, scanner.line, scanner.offset(of: range.lowerBound), kind)
                return
            }
        }
        if scanner.tornBytes > 0 {
            report.damage = damage(
                file, scanner.line + 1, scanner.tornOffset,
                .tornTail(bytes: Int64(scanner.tornBytes)))
        }
    }

    private func damage(
        _ file: OpenFile, _ line: Int, _ offset: Int64, _ kind: ChainBreak.Kind
    ) -> ChainBreak {
        let seq = report.head.map { $0.seq + 1 } ?? 1
        return ChainBreak(path: file.path, line: line, offset: offset, seq: seq, kind: kind)
    }

    // What is wrong with the next line; nil when it holds and was counted.
    private mutating func checkNext(
        _ bytes: [UInt8], _ range: Range<Int>, namedSeq: UInt64?
    ) -> ChainBreak.Kind? {
        guard let line = AlertLogLine.parse(bytes, range) else { return .shape }
        let following = report.head.map { $0.seq + 1 }
        if let wanted = following ?? namedSeq, line.seq != wanted {
            return .seqGap(expected: wanted, found: line.seq)
        }
        if let head = report.head {
            if line.prev != head.hash { return .prevMismatch }
        } else if line.seq == 0 || (line.seq == 1) != (line.prev == nil) {
            // Only entry 1 has no predecessor; what an older file's last hash was is not known.
            return .prevMismatch
        }
        guard AlertLogLine.computedHash(bytes, range) == line.hash else { return .hashMismatch }
        if line.seq == expected?.seq {
            guard line.hash == expected?.hash else { return .headMismatch }
            sawExpected = true
        }
        report.firstSeq = report.firstSeq ?? line.seq
        report.head = AlertLogPosition(seq: line.seq, hash: line.hash)
        report.entries += 1
        return nil
    }

    private mutating func checkExpectedWasSeen() {
        guard let expected, !sawExpected else { return }
        let first = report.firstSeq ?? 1
        let kind: ChainBreak.Kind =
            expected.seq < first
            ? .headGone(oldest: first)
            : .cutTail(expected: expected.seq, last: report.head?.seq ?? 0)
        report.damage = ChainBreak(
            path: files.path, line: nil, offset: 0, seq: expected.seq, kind: kind)
    }
}
