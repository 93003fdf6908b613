import ArgumentParser
import Foundation

struct ReceiversCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "receivers", abstract: "Lists and operates the receivers of a running daemon.",
        subcommands: [List.self, Pause.self, Resume.self, Retry.self],
        defaultSubcommand: List.self)

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Prints where each receiver stands and what waits for it.")

        @OptionGroup var daemon: DaemonAddress
        @Flag(name: .long, help: "JSON as the API gives it.") var json = false

        func run() throws {
            let answer = try daemon.checked("GET", "/api/v1/receivers")
            if json { return Output.line(answer) }
            let object = try JSONSerialization.jsonObject(with: Data(answer)) as? [String: Any]
            let receivers = object?["receivers"] as? [[String: Any]] ?? []
            if receivers.isEmpty { return Output.line("no receiver is configured") }
            let head = ["receiver", "state", "waiting", "sent", "attempts", "oldest", "failing"]
            for row in List.aligned([head] + receivers.map(List.fields)) { Output.line(row) }
        }

        private static func fields(_ receiver: [String: Any]) -> [String] {
            var failing = "-"
            if let since = receiver["failing_since"] {
                failing = "since \(since): \(receiver["last_failure"] ?? "?")"
            }
            let keys = ["receiver", "state", "outbox", "delivered", "attempts", "oldest"]
            return keys.map { key in receiver[key].map { "\($0)" } ?? "-" } + [failing]
        }

        /// Rows whose columns stand below one another; the last column is free text.
        private static func aligned(_ rows: [[String]]) -> [String] {
            let columns = rows.first?.count ?? 0
            let widths = (0..<columns).map { column in
                rows.map { $0[column].count }.max() ?? 0
            }
            return rows.map { row in
                row.enumerated().map { column, text in
                    guard column < columns - 1 else { return text }
                    return text + String(repeating: " ", count: widths[column] - text.count)
                }.joined(separator: "  ")
            }
        }
    }

    struct Operation: ParsableArguments {
        @OptionGroup var daemon: DaemonAddress
        @Argument(help: "The receiver's name, from `tocsin receivers`.") var receiver: String
        @Option(name: .long, help: "Who does it; default: the login name.") var by: String?
        @Option(name: .long, help: "Why.") var reason: String?

        func post(_ verb: String, done: String) throws {
            let letters = CharacterSet.urlPathAllowed.subtracting(CharacterSet(charactersIn: "/"))
            guard let name = receiver.addingPercentEncoding(withAllowedCharacters: letters),
                !name.isEmpty
            else { throw ValidationError("the receiver's name is empty") }
            _ = try daemon.checked(
                "POST", "/api/v1/receivers/\(name)/\(verb)",
                body: try PersonBody.text(by: by, reason: reason))
            Output.line("\(receiver): \(done)")
        }
    }

    struct Pause: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Sends nothing more until resume or a restart; events wait in the log.")

        @OptionGroup var operation: Operation

        func run() throws { try operation.post("pause", done: "paused") }
    }

    struct Resume: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Sends again, what waits first.")

        @OptionGroup var operation: Operation

        func run() throws { try operation.post("resume", done: "resumed") }
    }

    struct Retry: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Makes the next attempt at once, whatever pause failures ordered.")

        @OptionGroup var operation: Operation

        func run() throws { try operation.post("retry", done: "is tried again now") }
    }
}

/// The body of a command that a person gives to the daemon.
enum PersonBody {
    static func text(by: String?, reason: String?) throws -> String {
        let person = by ?? Environment.all["SUDO_USER"] ?? Environment.all["USER"] ?? "local"
        var body = ["by": person]
        if let reason { body["reason"] = reason }
        return String(decoding: try JSONSerialization.data(withJSONObject: body), as: UTF8.self)
    }
}
