/// The bodies of the entries of one commit, in one buffer that is reused from commit to commit.
///
/// A body is the bytes of the entry's members between `"seq":N,` and `,"durable":…`, that is
/// `"id":"…",…,"input":…` (contract §7), without a line break.
package struct EntryBatch: Sendable {
    package private(set) var bytes: [UInt8] = []
    private var ends: [Int] = []

    package init() {}

    package var count: Int { ends.count }
    package var isEmpty: Bool { ends.isEmpty }

    /// Adds the body that `write` appends to the buffer.
    package mutating func append(writing write: (inout [UInt8]) -> Void) {
        let begin = bytes.count
        write(&bytes)
        precondition(bytes.count > begin, "a body has members")
        precondition(
            AlertLogLine.newline(in: bytes, begin..<bytes.count) == nil, "a body is one line")
        ends.append(bytes.count)
    }

    /// Adds a copy of this body.
    package mutating func append(_ body: some Collection<UInt8>) {
        append { $0.append(contentsOf: body) }
    }

    /// The body at `index`, in the order of adding.
    package func body(at index: Int) -> ArraySlice<UInt8> {
        bytes[(index == 0 ? 0 : ends[index - 1])..<ends[index]]
    }

    /// Empties the batch and keeps its memory.
    package mutating func removeAll() {
        bytes.removeAll(keepingCapacity: true)
        ends.removeAll(keepingCapacity: true)
    }
}
