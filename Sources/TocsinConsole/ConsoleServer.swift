import Glibc
import Hummingbird
import HummingbirdCore
package import Logging
import NIOCore
import ServiceLifecycle
import Synchronization

/// The HTTP side of contract §9: one server on TCP, one on a unix-domain socket, one life.
///
/// A daemon of plain threads runs it as `Task { try await server.run() }` and ends it with `stop()`
/// from any thread; `run()` also ends at graceful shutdown and when its task is cancelled.
package final class ConsoleServer: Service, Sendable {
    /// A place that is open now.
    package enum Endpoint: Sendable, Equatable {
        case tcp(host: String, port: Int)
        case unixSocket(path: String)
    }

    private let configuration: ConsoleConfiguration
    private let group: ServiceGroup
    private let open: OpenEndpoints

    /// Checks the configuration and prepares both servers; nothing is opened yet. `onListening`
    /// is called once for each place when it accepts connections.
    package init(
        configuration: ConsoleConfiguration, source: ConsoleSource, logger: Logger,
        onListening: @escaping @Sendable (Endpoint) -> Void = { _ in }
    ) throws(ConsoleError) {
        try configuration.check()
        let open = OpenEndpoints(onListening: onListening)
        let router = ConsoleRouter(
            source: source, policy: AccessPolicy(configuration), limits: configuration.limits)
        var services: [any Service] = []
        if let listen = configuration.listen {
            services.append(
                Self.application(
                    router, .hostname(listen.host, port: listen.port),
                    connections: configuration.limits.connections, logger: logger
                ) { channel in
                    let port = channel.localAddress?.port ?? listen.port
                    open.add(.tcp(host: listen.host, port: port))
                })
        }
        if let path = configuration.unixSocketPath {
            services.append(
                Self.application(
                    router, .unixDomainSocket(path: path),
                    connections: configuration.limits.localConnections, logger: logger
                ) { _ in
                    // The socket is made with the umask's mode, which lets at most fewer in;
                    // its folder guards the moment between. 0660: owner and group may command.
                    if chmod(path, 0o660) != 0 {
                        logger.error("cannot set the mode of \(path): errno \(errno)")
                    }
                    open.add(.unixSocket(path: path))
                })
        }
        var group = ServiceGroupConfiguration(services: services, logger: logger)
        group.maximumGracefulShutdownDuration = .milliseconds(configuration.limits.stopMilliseconds)
        self.group = ServiceGroup(configuration: group)
        self.configuration = configuration
        self.open = open
    }

    /// The TCP port that is bound; nil before, and without `listen`.
    package var boundPort: Int? { open.port }

    /// Serves until stopped; throws `ConsoleError.cannotListen` when a place cannot be opened.
    package func run() async throws {
        defer { removeSocket() }
        do {
            try await group.run()
        } catch is CancellationError {
            return
        } catch {
            if open.isStopping { return }
            throw failure(error)
        }
    }

    /// Ends `run()` within `ConsoleLimits.stopMilliseconds`; may be called from any thread, more
    /// than once, and before `run()`.
    package func stop() {
        open.beginStop()
        Task { await group.triggerGracefulShutdown() }
    }

    private func failure(_ error: any Error) -> ConsoleError {
        let reason = "\(error)"
        if let listen = configuration.listen, open.port == nil {
            return .cannotListen(place: listen.text, reason: reason)
        }
        if let path = configuration.unixSocketPath, !open.hasUnixSocket {
            return .cannotListen(place: path, reason: reason)
        }
        return .failed(reason: reason)
    }

    private func removeSocket() {
        if let path = configuration.unixSocketPath, open.hasUnixSocket { unlink(path) }
    }

    private static func application(
        _ router: ConsoleRouter, _ address: BindAddress, connections: Int, logger: Logger,
        onListening: @escaping @Sendable (any Channel) -> Void
    ) -> any Service {
        let limits = router.limits
        let http = HTTP1Channel.Configuration(
            idleTimeout: .seconds(Int64(limits.idleSeconds)),
            httpDecoderConfiguration: HTTP1Channel.Configuration.DecoderConfiguration(
                maxHeaderFieldSize: limits.headerBytes, maxHeaderListSize: limits.headerBytes,
                maxHeaderFieldCount: limits.headerFields))
        return Application(
            router: router.build(), server: .http1(configuration: http),
            configuration: ApplicationConfiguration(
                address: address,
                availableConnectionsDelegate: MaximumAvailableConnections(
                    connections, logger: logger)),
            onServerRunning: { onListening($0) }, logger: logger)
    }
}

/// What is open, told by the servers' tasks and asked by any thread.
private final class OpenEndpoints: Sendable {
    private struct State {
        var endpoints: [ConsoleServer.Endpoint] = []
        var isStopping = false
    }

    private let state = Mutex(State())
    private let onListening: @Sendable (ConsoleServer.Endpoint) -> Void

    init(onListening: @escaping @Sendable (ConsoleServer.Endpoint) -> Void) {
        self.onListening = onListening
    }

    func add(_ endpoint: ConsoleServer.Endpoint) {
        state.withLock { $0.endpoints.append(endpoint) }
        onListening(endpoint)
    }

    func beginStop() { state.withLock { $0.isStopping = true } }

    var isStopping: Bool { state.withLock { $0.isStopping } }

    var port: Int? {
        state.withLock { state in
            for case .tcp(_, let port) in state.endpoints { return port }
            return nil
        }
    }

    var hasUnixSocket: Bool {
        state.withLock { state in
            for case .unixSocket in state.endpoints { return true }
            return false
        }
    }
}
