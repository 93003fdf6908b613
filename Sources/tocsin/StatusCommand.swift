import ArgumentParser
import Foundation

struct StatusCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Shows how a running daemon is.")

    @OptionGroup var daemon: DaemonAddress
    @Flag(name: .long, help: "JSON as the API gives it.") var json = false

    func run() throws {
        let answer = try daemon.checked("GET", "/api/v1/status")
        if json { return Output.line(answer) }
        let object = try JSONSerialization.jsonObject(with: Data(answer)) as? [String: Any] ?? [:]
        for key in [
            "site", "version", "rules", "uptime_s", "streams", "frames", "samples", "evaluated",
            "alarms_standing", "log_head",
        ] {
            Output.line("\(key): \(object[key].map { "\($0)" } ?? "-")")
        }
        for broker in object["brokers"] as? [[String: Any]] ?? [] {
            Output.line("broker \(broker["broker"] ?? "?"): \(broker["state"] ?? "?")")
        }
        for receiver in object["receivers"] as? [[String: Any]] ?? [] {
            Output.line(
                "receiver \(receiver["receiver"] ?? "?"): \(receiver["state"] ?? "?"), "
                    + "\(receiver["outbox"] ?? "?") waiting, \(receiver["delivered"] ?? "?") sent")
        }
    }
}

struct ReloadCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reload",
        abstract: "Makes the running daemon read its rules anew, and says how it went.",
        discussion: "Ends with 1 and the findings when the new rules were refused.")

    @OptionGroup var daemon: DaemonAddress

    func run() throws {
        let answer = try daemon.checked("POST", "/api/v1/reload", body: "{}")
        Output.line("rules \(LogEntry(answer)?.text("rules") ?? "?") are in force")
    }
}
