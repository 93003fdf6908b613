import Foundation
import TocsinTestSupport

/// A JSON object that the program wrote: a line of the alert log, a body, an answer.
struct LoggedEvent {
    let line: String
    private let members: [String: Any]

    init(_ line: String) throws {
        let object = try JSONSerialization.jsonObject(with: Data(line.utf8))
        guard let members = object as? [String: Any] else {
            throw TestSupportError("no JSON object: \(line)")
        }
        self.line = line
        self.members = members
    }

    func text(_ name: String) -> String? { members[name] as? String }
    func integer(_ name: String) -> Int? { members[name] as? Int }
    func number(_ name: String) -> Double? { members[name] as? Double }
    func truth(_ name: String) -> Bool? { members[name] as? Bool }
    func isNull(_ name: String) -> Bool { members[name] is NSNull }

    func list(_ name: String) throws -> [LoggedEvent] {
        let items = members[name] as? [[String: Any]] ?? []
        return try items.map { item in
            let data = try JSONSerialization.data(withJSONObject: item)
            return try LoggedEvent(String(decoding: data, as: UTF8.self))
        }
    }

    /// A line for failing tests.
    var summary: String {
        let words = ["seq", "event", "rule", "stream", "state", "value", "reason"].map { name in
            members[name].map { "\(name)=\($0)" } ?? ""
        }
        return words.joined(separator: " ")
    }
}
