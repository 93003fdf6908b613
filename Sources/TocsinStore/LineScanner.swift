/// The lines of one file in order, with their places, in bounded memory.
struct LineScanner {
    private static let chunkBytes = 256 << 10

    private let file: OpenFile
    private let fileSystem: any FileSystem
    private let lineLimit: Int
    private var begin = 0
    private var count = 0
    private var bufferOffset: Int64 = 0
    /// The buffer that `next`'s ranges are in; valid until the next call.
    private(set) var bytes: [UInt8]
    /// The number of lines given so far.
    private(set) var line = 0

    init(_ file: OpenFile, lineLimit: Int, fileSystem: any FileSystem) {
        self.file = file
        self.fileSystem = fileSystem
        self.lineLimit = lineLimit
        bytes = zeroBytes(LineScanner.chunkBytes)
    }

    /// The byte offset, in the file, of a position in `bytes`.
    func offset(of position: Int) -> Int64 { bufferOffset + Int64(position) }

    /// The next whole line without its end; nil at the end of the file.
    ///
    /// Throws `lineTooLong` for a line above the limit.
    mutating func next() throws(StoreError) -> Range<Int>? {
        while true {
            if let end = AlertLogLine.newline(in: bytes, begin..<count) {
                let range = begin..<end
                begin = end + 1
                line += 1
                return range
            }
            guard try refill() else { return nil }
        }
    }

    /// The bytes after the last whole line, once `next` has returned nil.
    var tornBytes: Int { count - begin }

    /// The place of those bytes.
    var tornOffset: Int64 { offset(of: begin) }

    // Moves the started line to the front and reads behind it; false at the end of the file.
    private mutating func refill() throws(StoreError) -> Bool {
        let rest = count - begin
        guard rest <= lineLimit else {
            throw .lineTooLong(path: file.path, offset: offset(of: begin), limit: lineLimit)
        }
        bufferOffset += Int64(begin)
        for position in 0..<rest { bytes[position] = bytes[begin + position] }
        begin = 0
        count = rest
        if count == bytes.count {
            bytes.append(contentsOf: zeroBytes(bytes.count))
        }
        let place = offset(of: count)
        let added = try fileSystem.readAll(file, at: place, into: &bytes, from: count)
        count += added
        return added > 0
    }
}
