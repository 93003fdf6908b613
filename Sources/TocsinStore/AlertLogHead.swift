import Synchronization

/// How far the alert log is durable: written by the logger thread, read by every deliverer.
package final class AlertLogHead: Sendable {
    private let seq: Atomic<UInt64>

    /// A head at this entry; 0 while the log is empty.
    package init(durableSeq: UInt64 = 0) { seq = Atomic(durableSeq) }

    /// The newest entry that has reached the disk; 0 while the log is empty.
    package var durableSeq: UInt64 {
        // acquiring: pairs with releasing in publish; the entry's bytes are in the file before it.
        seq.load(ordering: .acquiring)
    }

    func publish(_ durableSeq: UInt64) {
        // releasing: publishes the lines up to it; pairs with acquiring in durableSeq
        seq.store(durableSeq, ordering: .releasing)
    }
}
