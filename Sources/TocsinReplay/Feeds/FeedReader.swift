import TocsinModel

/// Reads one feed line by line with bounded memory: CSV of samples or JSON lines of frames, plain
/// or gzip, told apart by content (contract §3).
package final class FeedReader {
    private enum Format {
        case rows(CSVRowReader)
        case frames
        case empty
    }

    package let path: String
    /// Lines whose time is before an earlier line's: accepted, and counted for a warning.
    package private(set) var unsortedLines = 0
    /// The first of them; 0 = none.
    package private(set) var firstUnsortedLine = 0
    package private(set) var items = 0
    private let lines: FeedLines
    private var format: Format
    private var newest = Timestamp.distantPast

    /// Opens a feed and reads its header; `-` is standard input.
    package init(path: String, vocabulary: FeedVocabulary) throws(FeedError) {
        self.path = path
        lines = try FeedLines(path: path)
        format = .empty
        switch lines.firstByte {
        case nil: return
        case UInt8(ascii: "{"): format = .frames
        default:
            guard let header = try lines.next() else { return }
            do throws(CSVRowError) {
                format = .rows(try CSVRowReader(header: header, vocabulary: vocabulary))
            } catch {
                throw FeedReader.fail(path, lines.number, header, error.offset, error.message)
            }
        }
    }

    /// True when the feed is of frames, which are decoded by `decode:` rules.
    package var isFrames: Bool {
        if case .frames = format { true } else { false }
    }

    /// Quality words that stand in no table; their rows count as bad.
    package var unknownQualityWords: Int {
        if case .rows(let reader) = format { reader.unknownQualityWords } else { 0 }
    }

    /// The next line; nil at the end. After an error the reader is of no further use.
    package func next() throws(FeedError) -> FeedItem? {
        while let line = try lines.next() {
            // An empty line, such as the last one, says nothing.
            if line.isEmpty { continue }
            items += 1
            switch format {
            case .rows: return try row(line)
            case .frames: return try frame(line)
            case .empty: return nil
            }
        }
        return nil
    }

    private func row(_ line: UnsafeRawBufferPointer) throws(FeedError) -> FeedItem {
        guard case .rows(var reader) = format else { preconditionFailure("a CSV feed") }
        // Taken out and put back: the reader's arrays are not copied.
        format = .empty
        defer { format = .rows(reader) }
        do throws(CSVRowError) {
            let row = try reader.row(line)
            return FeedItem(arrival: arrival(of: row.time), content: .row(row))
        } catch {
            throw FeedReader.fail(path, lines.number, line, error.offset, error.message)
        }
    }

    private func frame(_ line: UnsafeRawBufferPointer) throws(FeedError) -> FeedItem {
        do throws(FrameLineError) {
            let frame = try FrameLine(parsing: line)
            return FeedItem(arrival: arrival(of: frame.arrival), content: .frame(frame))
        } catch {
            throw FeedReader.fail(path, lines.number, line, error.offset, error.message)
        }
    }

    @inline(__always)
    private func arrival(of time: Timestamp) -> Timestamp {
        if time < newest {
            if unsortedLines == 0 { firstUnsortedLine = lines.number }
            unsortedLines += 1
        } else {
            newest = time
        }
        return newest
    }

    /// An error at a byte of a line, its column in Unicode scalars.
    private static func fail(
        _ path: String, _ number: Int, _ line: UnsafeRawBufferPointer, _ offset: Int,
        _ message: String
    ) -> FeedError {
        let before = String(decoding: line.prefix(offset), as: UTF8.self)
        return FeedError(
            path: path, line: number, column: before.unicodeScalars.count + 1, message)
    }
}
