import CMosquitto
import Glibc
import Synchronization

// Why a thread of its own for a "non-blocking" connect: mosquitto_connect_async makes the socket
// non-blocking, but calls getaddrinfo before, which a dead name server holds for tens of seconds,
// and reads the certificate files. Resolving elsewhere and passing a number is no way out: the
// library checks the server's certificate against the very text it was given as host, and sends
// that text as TLS server name. So the whole call runs on a short-lived thread, and the I/O thread
// leaves the client alone until it is over (docs/adr/0002). One thread per client at most, started
// no more often than the back-off allows.

/// One call of mosquitto_connect_async on a thread of its own.
final class ConnectAttempt: Sendable {
    struct Result {
        var code: Int32
        /// errno, or for MOSQ_ERR_EAI the code of getaddrinfo.
        var error: Int32
    }

    private let handle: MosquittoHandle
    private let address: BrokerAddress
    private let keepAlive: UInt16
    private let waker: Waker?
    private let result = Mutex<Result?>(nil)

    init(_ handle: MosquittoHandle, _ settings: BrokerSettings, waker: Waker?) {
        self.handle = handle
        address = settings.address
        keepAlive = settings.keepAliveSeconds
        self.waker = waker
    }

    /// Nil while the thread still owns the handle. The lock orders its work before ours.
    var finished: Result? { result.withLock { $0 } }

    /// Throws when no thread can be made.
    func start() throws(MQTTError) {
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        defer { pthread_attr_destroy(&attributes) }
        pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
        var thread = pthread_t()
        let retained = Unmanaged.passRetained(self)
        let code = pthread_create(
            &thread, &attributes,
            { context in
                if let context {
                    Unmanaged<ConnectAttempt>.fromOpaque(context).takeRetainedValue().run()
                }
                return nil
            }, retained.toOpaque())
        guard code == 0 else {
            retained.release()
            throw .failed(call: "pthread_create", problem: Reason.systemError(code))
        }
    }

    private func run() {
        var error: Int32 = 0
        let code = tocsin_mosquitto_connect(
            handle.pointer, address.host, Int32(address.port), Int32(keepAlive), &error)
        result.withLock { $0 = Result(code: code, error: error) }
        waker?.wake()
    }
}
