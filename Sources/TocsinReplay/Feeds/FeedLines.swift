import Glibc

/// The lines of a feed, one at a time, without their line ends (LF or CR LF). A line's bytes are
/// good until the next line is asked for.
final class FeedLines {
    /// The longest line: a frame of the greatest payload (256 MiB of `limits.payload` is nonsense
    /// over MQTT in the field; 8 MiB is 30 times the default) in base 64.
    static let lineMax = 8 << 20
    private static let startBytes = 256 * 1024

    let path: String
    /// The number of the line given last, from 1.
    private(set) var number = 0
    private let bytes: FeedBytes
    private var buffer: UnsafeMutableRawBufferPointer
    private var start = 0
    private var end = 0
    private var isFileEnd = false

    /// Opens the file and skips a byte order mark.
    init(path: String) throws(FeedError) {
        self.path = path
        bytes = try FeedBytes(path: path)
        // The last member to be set: from here on `deinit` runs even when a step throws.
        buffer = .allocate(byteCount: FeedLines.startBytes, alignment: 16)
        try more()
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        if end >= 3 && buffer[..<3].elementsEqual(mark) { start = 3 }
    }

    deinit { buffer.deallocate() }

    /// The first byte that is no white space, so that the format can be told; nil = nothing there.
    var firstByte: UInt8? {
        buffer[start..<end].first { $0 != 0x20 && $0 != 0x0A && $0 != 0x0D && $0 != 0x09 }
    }

    /// The next line; nil at the end.
    func next() throws(FeedError) -> UnsafeRawBufferPointer? {
        var searched = 0
        while true {
            let from = start + searched
            if from < end, let base = buffer.baseAddress,
                // from < end <= buffer.count: inside the allocation.
                let found = memchr(base + from, 0x0A, end - from)
            {
                let lineEnd = UnsafeRawPointer(base).distance(to: UnsafeRawPointer(found))
                return take(upTo: lineEnd, rest: lineEnd + 1)
            }
            if isFileEnd {
                guard start < end else { return nil }
                return take(upTo: end, rest: end)
            }
            searched = end - start
            try more()
        }
    }

    private func take(upTo lineEnd: Int, rest: Int) -> UnsafeRawBufferPointer {
        var last = lineEnd
        if last > start && buffer[last - 1] == 0x0D { last -= 1 }
        let line = UnsafeRawBufferPointer(rebasing: buffer[start..<last])
        start = rest
        number += 1
        return line
    }

    /// Moves what is left to the front and reads on; a line longer than the buffer makes it grow.
    private func more() throws(FeedError) {
        guard let base = buffer.baseAddress else { return }
        if start > 0 {
            // Overlapping memory: memmove.
            memmove(base, base + start, end - start)
            end -= start
            start = 0
        }
        if end == buffer.count {
            guard buffer.count < FeedLines.lineMax else {
                throw FeedError(
                    path: path, line: number + 1,
                    "the line is longer than \(FeedLines.lineMax) bytes: is this a feed?")
            }
            let larger = UnsafeMutableRawBufferPointer.allocate(
                byteCount: buffer.count * 2, alignment: 16)
            larger.copyMemory(from: UnsafeRawBufferPointer(rebasing: buffer[..<end]))
            buffer.deallocate()
            buffer = larger
        }
        let got = try bytes.read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[end...]))
        end += got
        isFileEnd = got == 0
    }
}
