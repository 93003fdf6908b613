import ArgumentParser
import Foundation
import TocsinEngine

struct AlarmsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "alarms", abstract: "Lists and operates the alarms of a running daemon.",
        subcommands: [List.self, Acknowledge.self, Reset.self], defaultSubcommand: List.self)

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Prints the alarms that are not normal.")

        @OptionGroup var daemon: DaemonAddress
        @Flag(name: .long, help: "JSON as the API gives it.") var json = false

        func run() throws {
            let answer = try daemon.checked("GET", "/api/v1/alarms")
            if json { return Output.line(answer) }
            let object = try JSONSerialization.jsonObject(with: Data(answer)) as? [String: Any]
            let alarms = object?["alarms"] as? [[String: Any]] ?? []
            if alarms.isEmpty { return Output.line("no alarm stands") }
            for alarm in alarms {
                let data = try JSONSerialization.data(withJSONObject: alarm)
                guard let entry = LogEntry(data) else { continue }
                Output.line(List.line(entry))
            }
        }

        private static func line(_ alarm: LogEntry) -> String {
            let unit = alarm.text("unit").map { " " + $0 } ?? ""
            func number(_ key: String) -> String? {
                alarm.number(key).map { JSONMembers.readable($0) + unit }
            }
            let value = number("value") ?? "-"
            let limit = number("limit").map { " (limit \($0))" } ?? ""
            let mode = alarm.text("mode") ?? "live"
            let fields = [
                alarm.text("alarm") ?? "?", alarm.text("priority") ?? "-",
                alarm.text("state") ?? "-", alarm.text("stream") ?? "-",
                alarm.text("rule") ?? "-", value + limit,
            ]
            let marked = mode == "live" ? fields : fields + ["[\(mode)]"]
            return marked.joined(separator: "  ")
        }
    }

    struct Operation: ParsableArguments {
        @OptionGroup var daemon: DaemonAddress
        @Argument(help: "The alarm's id, from `tocsin alarms`.") var alarm: String
        @Option(name: .long, help: "Who does it; default: the login name.") var by: String?
        @Option(name: .long, help: "Why.") var reason: String?

        func post(_ verb: String, reason: String?) throws {
            let answer = try daemon.checked(
                "POST", "/api/v1/alarms/\(alarm)/\(verb)",
                body: try PersonBody.text(by: by, reason: reason))
            Output.line(LogEntry(answer)?.readable ?? String(decoding: answer, as: UTF8.self))
        }
    }

    struct Acknowledge: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Takes note of an alarm.", aliases: ["ack"])

        @OptionGroup var operation: Operation

        func run() throws { try operation.post("acknowledge", reason: operation.reason) }
    }

    struct Reset: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Ends a latched alarm whose condition is gone.")

        @OptionGroup var operation: Operation
        @Flag(
            name: .long,
            help: "You measured on site: the latched over-range of a gas detector may be released.")
        var overRangeConfirmed = false

        func run() throws {
            let reason =
                overRangeConfirmed
                ? "over-range confirmed" + (operation.reason.map { ": " + $0 } ?? "")
                : operation.reason
            try operation.post("reset", reason: reason)
        }
    }
}
