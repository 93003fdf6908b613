import ArgumentParser
import Foundation
import TocsinDecode
import TocsinEngine
import TocsinModel
import TocsinStore

/// One line of the alert log as commands look at it.
struct LogEntry {
    let bytes: [UInt8]
    private let members: [String: Any]

    /// Nil when the line is no JSON object.
    init?(_ bytes: some Collection<UInt8>) {
        let line = Array(bytes)
        do {
            guard
                let object = try JSONSerialization.jsonObject(with: Data(line)) as? [String: Any]
            else { return nil }
            members = object
        } catch {
            return nil
        }
        self.bytes = line
    }

    func text(_ key: String) -> String? { members[key] as? String }
    func integer(_ key: String) -> Int64? { (members[key] as? NSNumber)?.int64Value }
    func number(_ key: String) -> Double? { (members[key] as? NSNumber)?.doubleValue }

    /// One line for people: when, what, how urgent, where, how much, what to do.
    var readable: String {
        let level = text("level").map { "[\($0)] " } ?? ""
        let priority = text("priority") ?? text("class") ?? "system"
        let time = (text("time") ?? "").prefix(23).suffix(12)
        var parts = ["\(time) \(level)\(priority) \(text("event") ?? "?")"]
        if let rule = text("rule") { parts.append(rule) }
        parts.append(text("message") ?? "")
        if text("event") == "raised" || text("event") == "escalated", let action = text("action") {
            parts.append("→ " + action)
        }
        return parts.joined(separator: "  ")
    }
}

/// Reading the log for `tail` and `query`.
enum LogReading {
    static func print(
        _ reader: AlertLogReader, json: Bool, where matches: (LogEntry) -> Bool
    ) throws {
        var lines = AlertLogLines()
        repeat {
            try reader.read(into: &lines)
            for index in 0..<lines.count {
                guard let entry = LogEntry(lines.line(at: index)) else {
                    Output.error("entry \(lines.seq(at: index)) is no JSON object")
                    continue
                }
                guard matches(entry) else { continue }
                if json { Output.line(entry.bytes) } else { Output.line(entry.readable) }
            }
        } while !lines.isEmpty
    }

    /// Turns errors of the store into a message and exit code 1.
    static func failing(_ body: () throws -> Void) throws {
        do {
            try body()
        } catch let error as StoreError {
            Output.error("\(error)")
            throw ExitCode(1)
        }
    }

    /// Whether any file of the log is there, rotated ones included.
    static func exists(_ path: String) throws -> Bool {
        if FileManager.default.fileExists(atPath: path) { return true }
        return try AlertLogReader(path: path).oldestSeq() != nil
    }

    /// One line about a log that is whole, with what of it is not here.
    static func summary(_ report: AlertLogVerifier.Report) -> String {
        let files = "\(report.files) \(report.files == 1 ? "file" : "files")"
        guard let first = report.firstSeq, let head = report.head else {
            return "0 entries in \(files) are whole; head none"
        }
        let count = report.entries == 1 ? "1 entry" : "\(report.entries) entries"
        let text =
            "\(count) in \(files) \(report.entries == 1 ? "is" : "are") whole; head "
            + head.text
        guard first > 1 else { return text }
        let kept = first == head.seq ? "entry \(first)" : "entries \(first) to \(head.seq)"
        let gone = first == 2 ? "1 is not here" : "1 to \(first - 1) are not here"
        return "\(text); \(kept); \(gone)"
    }

    static func json(_ report: AlertLogVerifier.Report) -> [UInt8] {
        var members = JSONMembers()
        members.boolean("whole", report.damage == nil)
        members.integer("entries", Int64(report.entries))
        members.integer("files", Int64(report.files))
        members.integer("first", report.firstSeq.map(Int64.init))
        members.text("head", report.head?.text)
        members.text("damage", report.damage.map { "\($0)" })
        members.text("path", report.damage?.path)
        members.integer("line", report.damage?.line.map(Int64.init))
        return [UInt8(ascii: "{")] + members.bytes + [UInt8(ascii: "}")]
    }
}

/// Times on the command line: RFC 3339 or milliseconds since 1970.
enum TimeArgument {
    static func milliseconds(_ text: String?, name: String) throws -> Int64? {
        guard let text else { return nil }
        if let number = Int64(text) { return number }
        do throws(TimeTextError) {
            return try RFC3339.parse(text).milliseconds
        } catch {
            throw ValidationError(
                "\(name): \(error.message) (RFC 3339, or milliseconds since 1970)")
        }
    }
}
