import Foundation
import TocsinConsole
import TocsinModel
import TocsinStore

/// Finds entries of the alert log for the API.
struct LogFilter {
    let query: EventQuery

    /// Entries looked through for one question: a bound on an answer's cost.
    static let scanMax: UInt64 = 50_000

    init(_ query: EventQuery) { self.query = query }

    /// The matching lines, in the order the query asks for.
    func run(path: String) throws -> [[UInt8]] {
        let reader = AlertLogReader(path: path)
        let newest = try reader.newestSeq() ?? 0
        let oldest = try reader.oldestSeq() ?? 1
        let window = newest >= LogFilter.scanMax ? newest - LogFilter.scanMax + 1 : 1
        let asked = query.after.map { $0 + 1 } ?? (query.newestFirst ? window : oldest)
        reader.seek(to: max(asked, oldest))
        var found: [[UInt8]] = []
        var lines = AlertLogLines()
        var scanned: UInt64 = 0
        repeat {
            try reader.read(into: &lines)
            for index in 0..<lines.count {
                scanned += 1
                let line = Array(lines.line(at: index))
                guard matches(line) else { continue }
                found.append(line)
                if !query.newestFirst && found.count == query.limit { return found }
                if found.count > query.limit * 2 { found.removeFirst(found.count - query.limit) }
            }
        } while !lines.isEmpty && scanned < LogFilter.scanMax
        return query.newestFirst ? Array(found.suffix(query.limit).reversed()) : found
    }

    private func matches(_ line: [UInt8]) -> Bool {
        let wantsAll =
            query.stream == nil && query.rule == nil && query.alarm == nil && query.event == nil
            && query.since == nil && query.until == nil
        if wantsAll { return true }
        let object: Any
        do {
            object = try JSONSerialization.jsonObject(with: Data(line))
        } catch {
            return false
        }
        guard let event = object as? [String: Any] else { return false }
        func agrees(_ wanted: String?, _ key: String) -> Bool {
            wanted == nil || event[key] as? String == wanted
        }
        guard agrees(query.stream, "stream"), agrees(query.rule, "rule"),
            agrees(query.alarm, "alarm"), agrees(query.event, "event")
        else { return false }
        let time = event["ts_ms"] as? Int64 ?? 0
        if let since = query.since, time < since.milliseconds { return false }
        if let until = query.until, time >= until.milliseconds { return false }
        return true
    }
}
