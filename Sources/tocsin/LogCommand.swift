import ArgumentParser
import Foundation
import TocsinModel
import TocsinRules
import TocsinStore

struct LogCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "log", abstract: "Reads and verifies the alert log.",
        subcommands: [Tail.self, Query.self, Verify.self])

    struct Place: ParsableArguments {
        @OptionGroup var options: ConfigurationOption

        @Option(name: .long, help: "The log's path; default: alert_log.path of the configuration.")
        var log: String?

        func path() throws -> String {
            if let log { return log }
            let (configuration, findings) = ConfigurationReader.read(
                path: options.config, environment: Environment.all)
            guard let configuration else {
                for finding in findings { Output.error(finding.rendered) }
                throw ExitCode(2)
            }
            return configuration.alertLog.path
        }
    }

    struct Tail: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Prints the newest entries, and with --follow what comes.")

        @OptionGroup var place: Place
        @Option(name: .shortAndLong, help: "How many entries.") var count = 10
        @Flag(name: .shortAndLong, help: "Go on printing entries as they are written.")
        var follow = false
        @Flag(name: .long, help: "The log's own JSON lines.") var json = false

        func run() throws {
            let path = try place.path()
            try LogReading.failing {
                let reader = AlertLogReader(path: path)
                let newest = try reader.newestSeq() ?? 0
                let oldest = try reader.oldestSeq() ?? 1
                let wanted = UInt64(max(count, 0))
                reader.seek(to: max(oldest, newest >= wanted ? newest - wanted + 1 : 1))
                repeat {
                    try LogReading.print(reader, json: json) { _ in true }
                    if follow { Thread.sleep(forTimeInterval: 0.2) }
                } while follow
            }
        }
    }

    struct Query: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Prints the entries that match all given conditions.")

        @OptionGroup var place: Place
        @Option(name: .long, help: "Stream name, whole.") var stream: String?
        @Option(name: .long, help: "Rule, PACK/NAME or NAME.") var rule: String?
        @Option(name: .long, help: "Event kind: raised, cleared, broker-lost, …") var event: String?
        @Option(name: .long, help: "Class: alarm, trouble, system, …") var `class`: String?
        @Option(name: .long, help: "Priority.") var priority: String?
        @Option(name: .long, help: "Event time at or after (RFC 3339 or ts_ms).") var since: String?
        @Option(name: .long, help: "Event time before (RFC 3339 or ts_ms).") var until: String?
        @Flag(name: .long, help: "The log's own JSON lines.") var json = false

        func run() throws {
            try check(event, "--event", among: EventKind.allCases.map(\.word))
            try check(`class`, "--class", among: AlarmClass.allCases.map(\.word))
            try check(priority, "--priority", among: Priority.allCases.map(\.word))
            let path = try place.path()
            let since = try TimeArgument.milliseconds(self.since, name: "--since")
            let until = try TimeArgument.milliseconds(self.until, name: "--until")
            try LogReading.failing {
                let reader = AlertLogReader(path: path)
                reader.seek(to: try reader.oldestSeq() ?? 1)
                try LogReading.print(reader, json: json) { entry in
                    matches(entry, since: since, until: until)
                }
            }
        }

        /// A mistyped word would match nothing and look like a quiet log.
        private func check(_ word: String?, _ option: String, among known: [String]) throws {
            guard let word, !known.contains(word) else { return }
            let advice =
                nearestName(word, among: known).map { "did you mean \($0)?" }
                ?? "known: " + known.joined(separator: ", ")
            throw ValidationError("\(option): there is no \"\(word)\"; \(advice)")
        }

        private func matches(_ entry: LogEntry, since: Int64?, until: Int64?) -> Bool {
            func agrees(_ wanted: String?, _ key: String) -> Bool {
                wanted == nil || entry.text(key) == wanted
            }
            let ruleAgrees =
                rule == nil || entry.text("rule") == rule
                || entry.text("rule")?.split(separator: "/").last.map(String.init) == rule
            let time = entry.integer("ts_ms") ?? 0
            return ruleAgrees && agrees(stream, "stream") && agrees(event, "event")
                && agrees(`class`, "class") && agrees(priority, "priority")
                && since.map { time >= $0 } ?? true && until.map { time < $0 } ?? true
        }
    }

    struct Verify: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Checks numbers, chain and hashes of the whole log.",
            discussion: "Ends with 1 and the first broken entry's place when something is wrong.")

        @OptionGroup var place: Place
        @Option(name: .long, help: "A known head SEQ:HASH: finds a tail that was cut off.")
        var head: String?
        @Flag(name: .long, help: "The result as JSON.") var json = false

        func run() throws {
            let path = try place.path()
            var expected: AlertLogPosition?
            if let head {
                guard let position = AlertLogPosition(parsing: head) else {
                    throw ValidationError("--head: write SEQ:sha256:HEX, not \"\(head)\"")
                }
                expected = position
            }
            try LogReading.failing {
                guard try LogReading.exists(path) else {
                    Output.error("no log at \(path)")
                    throw ExitCode(1)
                }
                let report = try AlertLogVerifier.verify(path: path, expecting: expected)
                if json {
                    Output.line(LogReading.json(report))
                } else if let damage = report.damage {
                    Output.line("\(damage)")
                } else {
                    Output.line(LogReading.summary(report))
                }
                if report.damage != nil { throw ExitCode(1) }
            }
        }
    }
}
