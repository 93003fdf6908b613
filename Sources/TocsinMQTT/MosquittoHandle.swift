import CMosquitto
import Glibc

/// What the library's callbacks read and write. Behind a pointer, because a frame goes through it
/// and class properties cost exclusivity checks.
struct CallbackState {
    var frames: ((MQTTFrame) -> Void)?
    /// Set while the I/O thread owns the handle and its client lives.
    var client: Unmanaged<MQTTClient>?
    /// Callbacks so far: what tells "a packet came" from "nothing is left".
    var handled: UInt64 = 0
    /// The reason given to the disconnect callback; 128 and above are reason codes of MQTT 5.
    var disconnectCode: Int32 = 0
    var log = ""
    var watch: [String]
    var broker: UInt8
}

/// Owns the library's client and the state of its callbacks.
///
/// Unchecked: exactly one thread uses it at a time. The I/O thread gives it away when it starts a
/// `ConnectAttempt` and has it back when `isFinished` is true; the flag's release and acquire order
/// the two. An attempt that nobody waits for any more keeps the handle alive until it ends.
final class MosquittoHandle: @unchecked Sendable {
    let pointer: OpaquePointer
    let state: UnsafeMutablePointer<CallbackState>

    // Longest part of the library's log that goes into a reason.
    private static let logLimit = 400

    init(_ settings: BrokerSettings, index: UInt8) throws(MQTTError) {
        try prepareLibrary()
        let identifier = settings.clientID.isEmpty ? nil : settings.clientID
        state = .allocate(capacity: 1)
        state.initialize(to: CallbackState(watch: settings.watch, broker: index))
        guard let made = mosquitto_new(identifier, settings.cleanSession, state) else {
            state.deinitialize(count: 1)
            state.deallocate()
            throw .failed(call: "mosquitto_new", problem: Reason.systemError(errno))
        }
        pointer = made
        // Without this the library acknowledges a message before it hands it to us; with it,
        // everything it has to say waits in its queue for mosquitto_loop_write.
        mosquitto_threaded_set(made, true)
        try configure(settings)
        setCallbacks()
    }

    deinit {
        mosquitto_destroy(pointer)
        state.deinitialize(count: 1)
        state.deallocate()
    }

    /// Collects what the library says until `stopLog`: while connecting only, because it formats a
    /// line for each packet as soon as somebody listens.
    func startLog() {
        state.pointee.log = ""
        mosquitto_log_callback_set(pointer) { _, context, level, text in
            guard let context, let text, level == MOSQ_LOG_ERR || level == MOSQ_LOG_WARNING
            else { return }
            let state = context.assumingMemoryBound(to: CallbackState.self)
            guard state.pointee.log.utf8.count < MosquittoHandle.logLimit else { return }
            let line = String(cString: text)
            state.pointee.log += state.pointee.log.isEmpty ? line : "; " + line
        }
    }

    func stopLog() {
        mosquitto_log_callback_set(pointer, nil)
        state.pointee.log = ""
    }

    private func setCallbacks() {
        mosquitto_connect_with_flags_callback_set(pointer) { _, context, code, flags in
            Callbacks.client(context)?.connectAnswered(code: code, flags: flags)
        }
        mosquitto_disconnect_callback_set(pointer) { _, context, code in
            guard let context else { return }
            let state = context.assumingMemoryBound(to: CallbackState.self)
            state.pointee.handled += 1
            state.pointee.disconnectCode = code
        }
        mosquitto_subscribe_callback_set(pointer) { _, context, message, count, granted in
            let first = count > 0 ? granted?.pointee : nil
            Callbacks.client(context)?.subscribeAnswered(message: message, granted: first)
        }
        mosquitto_publish_v5_callback_set(pointer) { _, context, message, code, _ in
            Callbacks.client(context)?.publishAnswered(message: message, code: code)
        }
        mosquitto_message_callback_set(pointer) { _, context, message in
            Callbacks.deliver(context, message)
        }
    }
}

/// The bodies of the callbacks: plain nonisolated functions. (In `main.swift` they would be taken
/// for `@MainActor` and trap on the I/O thread.)
private enum Callbacks {
    static func client(_ context: UnsafeMutableRawPointer?) -> MQTTClient? {
        guard let context else { return nil }
        let state = context.assumingMemoryBound(to: CallbackState.self)
        state.pointee.handled += 1
        return state.pointee.client?.takeUnretainedValue()
    }

    static func deliver(
        _ context: UnsafeMutableRawPointer?, _ message: UnsafePointer<mosquitto_message>?
    ) {
        guard let context, let message, let topic = message.pointee.topic else { return }
        let state = context.assumingMemoryBound(to: CallbackState.self)
        state.pointee.handled += 1
        let bytes = UnsafeRawBufferPointer(start: topic, count: strlen(topic))
        let payload = UnsafeRawBufferPointer(
            start: message.pointee.payload, count: Int(message.pointee.payloadlen))
        let isWatch = bytes.first == UInt8(ascii: "$") && isWatched(topic, state.pointee.watch)
        let frame = MQTTFrame(
            topic: bytes, payload: payload, qos: UInt8(truncatingIfNeeded: message.pointee.qos),
            isRetained: message.pointee.retain, isWatch: isWatch, broker: state.pointee.broker)
        state.pointee.frames?(frame)
    }

    private static func isWatched(_ topic: UnsafePointer<CChar>, _ filters: [String]) -> Bool {
        filters.contains { filter in
            var result = false
            return mosquitto_topic_matches_sub(filter, topic, &result) == MOSQ_ERR_SUCCESS.code
                && result
        }
    }
}

// Once per process, before any client. A broker that goes away must not end us by SIGPIPE: the
// library writes to its sockets with write(2), which offers no flag against it.
private let libraryCode: Int32 = {
    signal(SIGPIPE, SIG_IGN)
    return mosquitto_lib_init()
}()

private func prepareLibrary() throws(MQTTError) {
    guard libraryCode == MOSQ_ERR_SUCCESS.code else {
        throw .failed(
            call: "mosquitto_lib_init", problem: Reason.library(libraryCode, error: 0, log: ""))
    }
}
