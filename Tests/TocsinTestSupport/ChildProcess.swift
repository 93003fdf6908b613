package import Glibc
import Synchronization

/// A program started by a test. It is always ended and reaped: by `stop`, `kill` or the last
/// reference's end.
package final class ChildProcess: Sendable {
    package let identifier: pid_t
    private let status = Mutex<Int32?>(nil)

    /// Starts a program with its output in a file; throws when it cannot be started.
    package init(_ path: String, _ arguments: [String], outputPath: String) throws {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(
            &actions, 1, outputPath, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        posix_spawn_file_actions_adddup2(&actions, 1, 2)
        var pointers = ([path] + arguments).map { strdup($0) } + [nil]
        defer { for pointer in pointers { free(pointer) } }
        var child: pid_t = 0
        let code = posix_spawn(&child, path, &actions, nil, &pointers, environ)
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
        let places = path.split(separator: ":").map(String.init)
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
