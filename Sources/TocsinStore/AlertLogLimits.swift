/// The alert log's bounds.
package struct AlertLogLimits: Hashable, Sendable {
    /// A file is rotated when it has reached this many bytes. Small enough to copy and to scan in
    /// tens of milliseconds, large enough that a year of alarms is a handful of files.
    package var fileBytes: Int64
    /// The longest line, so that a reader's memory is bounded whatever a file holds.
    package var lineBytes: Int
    /// The most bytes of one commit. The check at start looks this far back: what a power cut can
    /// have torn is the last commit.
    package var batchBytes: Int

    package init(
        fileBytes: Int64 = 64 << 20, lineBytes: Int = 1 << 20, batchBytes: Int = 8 << 20
    ) {
        precondition(fileBytes > 0 && lineBytes >= 1024 && batchBytes >= lineBytes)
        self.fileBytes = fileBytes
        self.lineBytes = lineBytes
        self.batchBytes = batchBytes
    }
}
