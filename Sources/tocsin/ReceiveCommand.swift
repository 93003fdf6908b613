import ArgumentParser
import Foundation
import Glibc
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import Synchronization
import TocsinStore

struct ReceiveCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "receive",
        abstract: "A small webhook receiver that prints what it gets; for demos and trials.",
        discussion: """
            Prints one line for each event and, with --out, appends the bodies to a file. With a \
            secret it refuses requests whose Standard Webhooks signature is wrong (401).
            """)

    @Option(name: .long, help: "Where to listen; port 0 takes any free port.")
    var listen = "127.0.0.1:0"
    @Option(name: .long, help: "The webhook's secret file (whsec_…).") var secretFile: String?
    @Option(name: .long, help: "Appends each body as a line to this file.") var out: String?
    @Option(name: .long, help: "Writes the port in use to this file.") var portFile: String?
    @Flag(name: .long, help: "Prints nothing but errors.") var quiet = false

    func run() throws {
        let parts = listen.split(separator: ":")
        guard parts.count == 2, let port = Int(parts[1]) else {
            throw ValidationError("--listen: write HOST:PORT, not \"\(listen)\"")
        }
        let desk = try ReceiverDesk(secretFile: secretFile, out: out, quiet: quiet)
        var logger = Logger(label: "tocsin.receive")
        logger.logLevel = .error
        let router = Router()
        for method in [HTTPRequest.Method.post, .put] {
            // `**` stands for one level at least: the root needs a route of its own.
            for path in ["/", "**"] {
                router.on(RouterPath(path), method: method) { request, _ in
                    let body = try await request.body.collect(upTo: ReceiverDesk.bodyBytes)
                    return desk.take(request.headers, Array(body.readableBytesView))
                }
            }
        }
        let portFile = self.portFile
        let app = Application(
            router: router,
            configuration: .init(address: .hostname(String(parts[0]), port: port)),
            onServerRunning: { channel in
                let bound = channel.localAddress?.port ?? port
                Output.error("receiving on http://127.0.0.1:\(bound)/")
                guard let portFile else { return }
                ReceiverDesk.write("\(bound)\n", to: portFile)
            }, logger: logger)
        // The command is synchronous; the server's own signal handling ends it.
        let ended = DispatchSemaphore(value: 0)
        let failure = Mutex<String?>(nil)
        Task.detached {
            do {
                try await app.runService()
            } catch {
                failure.withLock { $0 = "\(error)" }
            }
            ended.signal()
        }
        ended.wait()
        if let failure = failure.withLock({ $0 }) {
            Output.error("\(listen): \(failure)")
            throw ExitCode(1)
        }
    }
}

/// Checks, prints and keeps what arrives.
final class ReceiverDesk: Sendable {
    /// An event is about 1.5 KiB; far more is no event.
    static let bodyBytes = 1 << 20

    private let key: [UInt8]?
    private let out: FileHandle?
    private let quiet: Bool
    private let output = Mutex(0)

    init(secretFile: String?, out: String?, quiet: Bool) throws {
        self.quiet = quiet
        if let secretFile {
            let text = try String(contentsOfFile: secretFile, encoding: .utf8)
                .trimmingCharacters(in: .whitespacesAndNewlines)
            guard text.hasPrefix("whsec_"), let key = Base64.decode(String(text.dropFirst(6)))
            else { throw ValidationError("\(secretFile): write whsec_ and base64") }
            self.key = key
        } else {
            key = nil
        }
        if let out {
            let descriptor = open(out, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
            guard descriptor >= 0 else {
                throw ValidationError("\(out): " + String(cString: strerror(errno)))
            }
            self.out = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        } else {
            self.out = nil
        }
    }

    /// One request: 204 when taken, 401 for a wrong signature, 400 for no JSON object.
    func take(_ headers: HTTPFields, _ body: [UInt8]) -> Response {
        guard isSigned(headers, body) else {
            Output.error("a request with a wrong signature was refused")
            return Response(status: .unauthorized)
        }
        guard let entry = LogEntry(body) else { return Response(status: .badRequest) }
        output.withLock { count in
            count += 1
            out?.write(Data(body + [UInt8(ascii: "\n")]))
            if !quiet { Output.line(entry.readable) }
        }
        return Response(status: .noContent)
    }

    private func isSigned(_ headers: HTTPFields, _ body: [UInt8]) -> Bool {
        guard let key else { return true }
        func header(_ name: String) -> String? {
            HTTPField.Name(name).flatMap { headers[$0] }
        }
        guard let id = header("webhook-id"), let time = header("webhook-timestamp"),
            let signature = header("webhook-signature")
        else { return false }
        let signed = Array("\(id).\(time).".utf8) + body
        let wanted = "v1," + Base64.encode(hmacSHA256(key: key, message: signed).bytes)
        return signature.split(separator: " ").contains { $0 == wanted }
    }

    static func write(_ text: String, to path: String) {
        do {
            try text.write(toFile: path, atomically: true, encoding: .utf8)
        } catch {
            Output.error("\(path): \(error.localizedDescription)")
        }
    }
}
