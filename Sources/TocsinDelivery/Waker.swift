internal import CCurl

/// Wakes a sender's thread out of its wait, also while the sender is being taken down.
final class Waker: @unchecked Sendable {
    // @unchecked is sound: the handle is used only under the lock, `curl_multi_wakeup` may be
    // called from any thread, and `close` takes the handle away before it is freed.
    private let gate: Gate<Handle>
    private struct Handle: @unchecked Sendable { var multi: UnsafeMutableRawPointer? }

    init(multi: UnsafeMutableRawPointer) { gate = Gate(Handle(multi: multi)) }

    func wake() {
        gate.withLock { handle in
            if let multi = handle.multi { _ = curl_multi_wakeup(multi) }
        }
    }

    func close() { gate.withLock { $0.multi = nil } }
}
