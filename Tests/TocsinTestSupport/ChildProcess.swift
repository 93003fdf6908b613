package import Glibc
import Synchronization

/// A program started by a test. It is always ended and reaped: by `stop`, `kill` or the last
/// reference's end.
package final class ChildProcess: Sendable {
    package let identifier: pid_t
    private let status = Mutex<Int32?>(nil)
    // More than a test process opens.
    private static let descriptorLimit: Int32 = 1024

    /// Starts a program with its output in a file; throws when it cannot be started.
    package init(_ path: String, _ arguments: [String], outputPath: String) throws {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(
            &actions, 1, outputPath, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        posix_spawn_file_actions_adddup2(&actions, 1, 2)
        // Tests run side by side: a child that inherited another's listening socket would keep the
        // port answering, and mute.
        for descriptor in 3..<ChildProcess.descriptorLimit {
            posix_spawn_file_actions_addclose(&actions, descriptor)
        }
        var pointers = ([path] + arguments).map { strdup($0) } + [nil]
        defer { for pointer in pointers { free(pointer) } }
        // Worker threads block signals and ignore SIGPIPE, and a child would inherit both: SIGTERM
        // would then not end it.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        var all = sigset_t()
        sigemptyset(&none)
        sigfillset(&all)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        let flags = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF
        posix_spawnattr_setflags(&attributes, Int16(flags))
        var child: pid_t = 0
        let code = posix_spawn(&child, path, &actions, &attributes, &pointers, environ)
        guard code == 0 else {
            throw TestSupportError("cannot start \(path): \(String(cString: strerror(code)))")
        }
        identifier = child
    }

    deinit { kill() }

    /// Nil while it runs; else the exit code, or 128 + signal.
    package var exitCode: Int32? { reap(WNOHANG) }

    /// Sends a signal; nothing happens when the process has ended.
    package func signal(_ number: Int32) {
        if exitCode == nil { Glibc.kill(identifier, number) }
    }

    /// SIGTERM, and SIGKILL after 5 s; returns the exit code.
    @discardableResult
    package func stop() -> Int32 {
        signal(SIGTERM)
        return waitUntil(seconds: 5) { exitCode != nil } ? (exitCode ?? -1) : kill()
    }

    /// SIGKILL; returns when the process is gone.
    @discardableResult
    package func kill() -> Int32 {
        signal(SIGKILL)
        return reap(0) ?? -1
    }

    private func reap(_ options: Int32) -> Int32? {
        status.withLock { known in
            if let known { return known }
            var raw: Int32 = 0
            guard waitpid(identifier, &raw, options) == identifier else { return nil }
            let signal = raw & 0x7f
            known = signal == 0 ? (raw >> 8) & 0xff : 128 + signal
            return known
        }
    }

    /// The first of the usual places, and of PATH, that holds this program.
    package static func find(_ name: String) throws -> String {
        let path = getenv("PATH").map { String(cString: $0) } ?? ""
        let places =
            path.split(separator: ":").map(String.init)
            + ["/usr/sbin", "/usr/local/sbin", "/usr/bin", "/sbin"]
        guard let place = places.first(where: { access($0 + "/" + name, X_OK) == 0 }) else {
            throw TestSupportError("\(name) is not installed (looked in PATH and /usr/sbin)")
        }
        return place + "/" + name
    }

    /// Runs a program to its end, at most 30 s; throws with its output unless it exits with 0.
    package static func run(_ name: String, _ arguments: [String], log: String) throws {
        let child = try ChildProcess(find(name), arguments, outputPath: log)
        guard waitUntil(seconds: 30, { child.exitCode != nil }), child.exitCode == 0 else {
            throw TestSupportError("\(name) \(arguments.joined(separator: " ")) failed; see \(log)")
        }
    }
}
