import ArgumentParser
import Foundation
import Glibc
import TocsinRules
import TocsinStore

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
        discussion: "Ends with 1 and the reason when the new rules were refused.")

    @OptionGroup var options: ConfigurationOption

    /// How long the daemon has to answer.
    static let patienceSeconds = 30

    func run() throws {
        let (configuration, findings) = ConfigurationReader.read(
            path: options.config, environment: Environment.all)
        guard let configuration else {
            for finding in findings { Output.error(finding.rendered) }
            throw ExitCode(1)
        }
        let outcome = CheckCommand.run(CheckRequest.ofConfiguration(options.config))
        guard outcome.exitCode == 0 else {
            Output.error(outcome.text)
            throw ExitCode(1)
        }
        try LogReading.failing {
            let reader = AlertLogReader(path: configuration.alertLog.path)
            let head = try reader.newestSeq() ?? 0
            reader.seek(to: head + 1)
            try signal(configuration.state)
            try awaitAnswer(reader)
        }
    }

    private func signal(_ state: String) throws {
        let text: String
        do {
            text = try String(contentsOfFile: state + "/lock", encoding: .utf8)
        } catch {
            Output.error("no daemon runs on \(state): \(error.localizedDescription)")
            throw ExitCode(1)
        }
        let pid = text.trimmingCharacters(in: .whitespacesAndNewlines)
        guard let number = Int32(pid), number > 1, kill(number, SIGHUP) == 0 else {
            Output.error("the daemon of \(state) (pid \(pid)) cannot be told: \(errno)")
            throw ExitCode(1)
        }
    }

    private func awaitAnswer(_ reader: AlertLogReader) throws {
        var lines = AlertLogLines()
        for _ in 0..<(ReloadCommand.patienceSeconds * 10) {
            try reader.read(into: &lines)
            for index in 0..<lines.count {
                guard let entry = LogEntry(lines.line(at: index)) else { continue }
                if entry.text("event") == "reloaded" {
                    return Output.line(entry.text("reason") ?? "reloaded")
                }
                if entry.text("event") == "reload-refused" {
                    Output.error("refused: " + (entry.text("reason") ?? "no reason given"))
                    throw ExitCode(1)
                }
            }
            Thread.sleep(forTimeInterval: 0.1)
        }
        Output.error("no answer within \(ReloadCommand.patienceSeconds) s")
        throw ExitCode(1)
    }
}
