import Synchronization

/// The real broker on a free loopback port, with its files in a temporary directory.
package final class MosquittoProcess: Sendable {
    package struct Options: Sendable {
        /// Sessions and retained messages survive `stop` and `restart` (not `kill`: mosquitto
        /// writes them at SIGTERM, unless `autosaveEachChange`).
        package var persistence = false
        /// Writes the database after each change, so that it survives `kill` too.
        package var autosaveEachChange = false
        /// With users nobody else may connect.
        package var users: [(name: String, password: String)] = []
        /// With a certificate the one listener speaks TLS.
        package var tls: TestCertificates?
        package var requiresClientCertificate = false
        /// Further lines of mosquitto.conf.
        package var lines: [String] = []

        package init() {}
    }

    package let port: UInt16
    package let directory: TemporaryDirectory
    private let program: String
    private let child = Mutex<ChildProcess?>(nil)

    /// Writes the configuration and starts the broker; throws when mosquitto is missing, or does
    /// not accept connections within 10 s.
    package init(_ options: Options = Options()) throws {
        program = try ChildProcess.find("mosquitto")
        directory = try TemporaryDirectory()
        port = try freePort()
        var lines = [
            "listener \(port) 127.0.0.1", "allow_anonymous \(options.users.isEmpty)",
            "persistence \(options.persistence)", "max_queued_messages 100000",
        ]
        if options.persistence { lines += ["persistence_location \(directory.path)/"] }
        if options.autosaveEachChange {
            lines += ["autosave_interval 1", "autosave_on_changes true"]
        }
        if !options.users.isEmpty {
            let log = directory.file("passwd.log")
            try directory.write("users", "")
            for user in options.users {
                try ChildProcess.run(
                    "mosquitto_passwd", ["-b", directory.file("users"), user.name, user.password],
                    log: log)
            }
            lines += ["password_file \(directory.file("users"))"]
        }
        if let tls = options.tls {
            lines += [
                "cafile \(tls.ca)", "certfile \(tls.server.certificate)",
                "keyfile \(tls.server.key)",
                "require_certificate \(options.requiresClientCertificate)",
            ]
        }
        // As root mosquitto would change to a user that cannot read the directory.
        lines += ["user root"]
        try directory.write(
            "mosquitto.conf", (lines + options.lines).joined(separator: "\n") + "\n")
        try start()
    }

    package var log: String {
        get throws { try directory.read("mosquitto.log") }
    }

    /// Starts it again on the same port with the same files.
    package func start() throws {
        let started = try ChildProcess(
            program, ["-v", "-c", directory.file("mosquitto.conf")],
            outputPath: directory.file("mosquitto.log"))
        child.withLock { $0 = started }
        guard waitUntil(seconds: 10, { accepts(port: port) || started.exitCode != nil }),
            started.exitCode == nil
        else {
            started.kill()
            throw TestSupportError("mosquitto did not start: \(try log)")
        }
    }

    /// SIGTERM: writes its database and says good-bye.
    package func stop() { child.withLock { _ = $0?.stop() } }

    /// SIGKILL.
    package func kill() { child.withLock { _ = $0?.kill() } }

    /// A signal to the running broker (SIGSTOP makes it hang, SIGCONT goes on).
    package func signal(_ number: Int32) { child.withLock { $0?.signal(number) } }
}
