// The bytes of a feed, plain or gzip (RFC 1952), told apart by the file's first two bytes and read
// in pieces, so that a feed of any size costs the same memory.
//
// Unsafe here: zlib keeps a pointer back to its `z_stream`, which therefore lives at one address
// for as long as this object does; `input` is an allocation of `inputBytes`, and zlib's `next_in` and
// `avail_in` never leave it.

import CZlib
import Glibc

/// An open feed file as a stream of bytes. One reader, one thread.
final class FeedBytes {
    /// What is read from the file at once.
    static let inputBytes = 128 * 1024

    private let path: String
    private let descriptor: Int32
    private let isOwned: Bool
    private let input: UnsafeMutablePointer<UInt8>
    private let stream: UnsafeMutablePointer<z_stream>
    private var plainStart = 0
    private var plainCount = 0
    private var isGzip = false
    private var isInsideMember = false
    private var isFileEnd = false

    /// Opens a file; `-` is standard input.
    init(path: String) throws(FeedError) {
        self.path = path
        isOwned = path != "-"
        descriptor = isOwned ? open(path, O_RDONLY | O_CLOEXEC) : STDIN_FILENO
        input = .allocate(capacity: FeedBytes.inputBytes)
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        guard descriptor >= 0 else {
            throw FeedError(path: path, "cannot be read: \(String(cString: strerror(errno)))")
        }
        try fill()
        // RFC 1952: a member begins with 1F 8B.
        guard plainCount >= 2, input[0] == 0x1F, input[1] == 0x8B else { return }
        isGzip = true
        stream.pointee.next_in = input
        stream.pointee.avail_in = UInt32(plainCount)
        guard tocsin_inflate_init(stream) == Z_OK else {
            throw FeedError(path: path, "zlib cannot start: out of memory")
        }
        isInsideMember = true
    }

    deinit {
        if isGzip { inflateEnd(stream) }
        stream.deallocate()
        input.deallocate()
        if isOwned && descriptor >= 0 { close(descriptor) }
    }

    /// Reads up to `target.count` bytes; 0 at the end.
    func read(into target: UnsafeMutableRawBufferPointer) throws(FeedError) -> Int {
        guard let base = target.baseAddress, target.count > 0 else { return 0 }
        return isGzip
            ? try inflated(into: base.assumingMemoryBound(to: UInt8.self), count: target.count)
            : try plain(into: base, count: target.count)
    }

    private func plain(
        into target: UnsafeMutableRawPointer, count: Int
    ) throws(FeedError) -> Int {
        if plainCount == 0 { try fill() }
        let taken = min(count, plainCount)
        // plainStart + taken <= inputBytes: inside the allocation.
        target.copyMemory(from: input + plainStart, byteCount: taken)
        plainStart += taken
        plainCount -= taken
        return taken
    }

    private func inflated(
        into target: UnsafeMutablePointer<UInt8>, count: Int
    ) throws(FeedError) -> Int {
        stream.pointee.next_out = target
        stream.pointee.avail_out = UInt32(min(count, Int(Int32.max)))
        // Each turn takes input or gives output; the file is finite.
        while stream.pointee.avail_out > 0 {
            if stream.pointee.avail_in == 0 && !isFileEnd {
                try fill()
                stream.pointee.next_in = input
                stream.pointee.avail_in = UInt32(plainCount)
            }
            guard stream.pointee.avail_in > 0 || isInsideMember else { break }
            if !isInsideMember {
                // Members may be joined (RFC 1952 §2.2).
                guard inflateReset(stream) == Z_OK else {
                    throw FeedError(path: path, "zlib cannot go on with the next gzip member")
                }
                isInsideMember = true
            }
            let before = stream.pointee.avail_out
            let code = inflate(stream, Z_NO_FLUSH)
            if code == Z_STREAM_END {
                isInsideMember = false
            } else if code == Z_BUF_ERROR || code == Z_OK {
                let isStuck = stream.pointee.avail_in == 0 && before == stream.pointee.avail_out
                if isFileEnd && isStuck {
                    throw FeedError(path: path, "the gzip data end too early: was the file cut?")
                }
            } else {
                let reason = stream.pointee.msg.map { String(cString: $0) } ?? "code \(code)"
                throw FeedError(path: path, "the gzip data are damaged: \(reason)")
            }
        }
        return Int(min(count, Int(Int32.max))) - Int(stream.pointee.avail_out)
    }

    private func fill() throws(FeedError) {
        plainStart = 0
        plainCount = 0
        var got = -1
        repeat {
            got = Glibc.read(descriptor, input, FeedBytes.inputBytes)
        } while got < 0 && errno == EINTR
        guard got >= 0 else {
            throw FeedError(path: path, "cannot be read: \(String(cString: strerror(errno)))")
        }
        plainCount = got
        isFileEnd = got == 0
    }
}
