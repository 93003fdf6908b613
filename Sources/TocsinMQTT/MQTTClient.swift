import CMosquitto
import Glibc

// One broker. The order of a turn is what the daemon's promise rests on:
//
//     read (up to 64 packets) → the caller hands the batch on → flush (acknowledgements leave)
//
// The library queues a PUBACK when it has handed us the message, and only `flush` writes. If the
// hand-over fails or the process dies before it, the broker still owes us every message of the
// batch and sends it again.
//
// Phases, left by the call in brackets:
//
//     idle ─[start]→ resolving ─[tick]→ opening ─[read: CONNACK]→ connected
//       failing anywhere ─→ ended ─[tick]→ waiting ─[tick, when due]→ resolving
//       [disconnect] anywhere ─→ closing ─[flush]→ closed

/// One connection to one broker, kept up by itself. Belongs to one thread, the I/O thread.
package final class MQTTClient {
    /// Packets of one batch: small enough that acknowledgements keep flowing, large enough that
    /// their cost and the journal's are shared (design §4).
    package static let batchLimit = 64
    /// A connection that held this long makes the back-off begin anew; one that is accepted and
    /// dropped at once must not be tried every second for ever.
    static let steadyMilliseconds: Int64 = 5000
    static let miscMilliseconds: Int64 = 1000

    enum Phase {
        case idle
        case resolving(ConnectAttempt)
        case opening(until: Int64)
        case connected
        case ended
        case waiting(until: Int64)
        case closing
        case closed
    }

    package enum ReadResult: Equatable, Sendable {
        /// Nothing is left: the next frame makes the descriptor readable.
        case drained
        /// The limit was reached; the descriptor does not tell of bytes that TLS has read ahead.
        case more
    }

    package struct Counters: Equatable, Sendable {
        package var connections: UInt64 = 0
        package var losses: UInt64 = 0
        package var failedAttempts: UInt64 = 0
        package var published: UInt64 = 0
        /// QoS 1: the broker has it; QoS 0: it is with the kernel.
        package var acknowledged: UInt64 = 0
        package var publishesRefused: UInt64 = 0
        /// QoS 0 messages that a lost connection took along.
        package var publishesLost: UInt64 = 0
    }

    package let settings: BrokerSettings
    package let index: UInt8
    package internal(set) var counters = Counters()
    /// Goes up with each new socket, because the kernel reuses descriptors' numbers.
    var socketNumber: UInt64 = 0
    var waker: Waker?
    let handle: MosquittoHandle
    let onChange: (UInt8, BrokerChange) -> Void
    var phase = Phase.idle
    var backOff: BackOff
    var refusal: String?
    var connectedSince: Int64?
    var nextMisc: Int64 = 0
    var unconfirmed: [Int32: (filter: String, isWatch: Bool)] = [:]
    var isEveryFilterGranted = true
    var isSubscribed = false
    var inFlight = InFlight()

    /// `index` is the broker's number in frames and changes; `seed` feeds the back-off's jitter.
    /// Throws what cannot be used in the settings. `onChange` runs on the I/O thread, in order
    /// with the frames, and must not call back into the client.
    package init(
        _ settings: BrokerSettings, index: UInt8, seed: UInt64,
        onChange: @escaping (UInt8, BrokerChange) -> Void
    ) throws(MQTTError) {
        try settings.check()
        self.settings = settings
        self.index = index
        self.onChange = onChange
        backOff = BackOff(settings.backOff, seed: seed)
        handle = try MosquittoHandle(settings, index: index)
        handle.state.pointee.client = Unmanaged.passUnretained(self)
    }

    deinit {
        // An attempt's thread may still own the handle: it calls nothing but the log, which does
        // not look at this member.
        handle.state.pointee.client = nil
    }

    /// The socket to wait for, or -1 while there is none.
    package var descriptor: Int32 {
        switch phase {
        case .opening, .connected, .closing: mosquitto_socket(handle.pointer)
        case .idle, .resolving, .ended, .waiting, .closed: -1
        }
    }

    package var wantsWrite: Bool { descriptor >= 0 && mosquitto_want_write(handle.pointer) }

    package var isConnected: Bool {
        if case .connected = phase { true } else { false }
    }

    /// True after `disconnect`, once the broker was told.
    package var isClosed: Bool {
        if case .closed = phase { true } else { false }
    }

    /// Begins the first attempt; `MQTTLoop.add` does it.
    package func start() {
        guard case .idle = phase else { return }
        beginAttempt()
    }

    /// Does what is due (keep-alive, reconnecting, time-outs) without blocking; returns when to
    /// come again at the latest. Both times are monotonic milliseconds.
    package func tick(now: Int64) -> Int64 {
        switch phase {
        case .resolving(let attempt):
            if let result = attempt.finished { adopt(result, now: now) }
        case .opening(let until) where now >= until:
            end("no answer within \(settings.connectTimeoutMilliseconds) ms")
        case .waiting(let until) where now >= until:
            beginAttempt()
        case .connected:
            tickConnected(now: now)
        case .idle, .opening, .waiting, .ended, .closing, .closed: break
        }
        if case .ended = phase { scheduleRetry(now: now) }
        switch phase {
        case .opening(let until), .waiting(let until): return until
        case .connected: return nextMisc
        case .idle, .resolving, .ended, .closing, .closed: return .max
        }
    }

    /// Reads up to `limit` packets (over TLS up to what the last record holds beyond that) and
    /// hands over each frame; its bytes are valid inside the call only.
    package func read(
        limit: Int = MQTTClient.batchLimit, _ onFrame: (MQTTFrame) -> Void
    ) -> ReadResult {
        withoutActuallyEscaping(onFrame) { frames in
            handle.state.pointee.frames = frames
            defer { handle.state.pointee.frames = nil }
            return readPackets(limit: limit)
        }
    }

    /// Writes what is queued: acknowledgements of frames handed over, subscriptions, messages.
    /// To be called only after the batch was handed on.
    package func flush() {
        guard descriptor >= 0 else { return }
        var error: Int32 = 0
        let code = tocsin_mosquitto_write(handle.pointer, &error)
        _ = isAlive(after: code, error: error)
    }

    /// Queues one message. Throws `notConnected`, `tooManyInFlight` (come again after a turn), or
    /// what the library refuses (a wildcard in the topic, a payload over 256 MiB).
    package func publish(
        topic: String, payload: UnsafeRawBufferPointer, qos: UInt8, retain: Bool = false
    ) throws(MQTTError) {
        guard case .connected = phase else { throw .notConnected }
        guard inFlight.count < Int(settings.sendMaximum) else {
            throw .tooManyInFlight(limit: Int(settings.sendMaximum))
        }
        guard qos <= 1, let size = Int32(exactly: payload.count) else {
            throw .badSetting(name: "publish", problem: "QoS over 1 or payload over 2 GiB")
        }
        var message: Int32 = 0
        let code = mosquitto_publish(
            handle.pointer, &message, topic, size, payload.baseAddress, Int32(qos), retain)
        guard code == MOSQ_ERR_SUCCESS.code else {
            throw .failed(call: "publish", problem: Reason.library(code, error: errno, log: ""))
        }
        counters.published += 1
        inFlight.begin(message, qos: qos)
    }

    /// Messages published and not yet acknowledged.
    package var inFlightCount: Int { inFlight.count }

    /// Says good-bye at the next `flush`; afterwards `isClosed`. The session stays if persistent.
    /// Where the broker is still sending, the kernel may reset the connection and the last
    /// acknowledgements with it: those messages come again, as at-least-once allows.
    package func disconnect() {
        switch phase {
        case .connected:
            phase = .closing
            mosquitto_disconnect(handle.pointer)
        case .opening:
            shutdownSocket()
            phase = .closed
        case .idle, .resolving, .ended, .waiting: phase = .closed
        case .closing, .closed: break
        }
    }
}
