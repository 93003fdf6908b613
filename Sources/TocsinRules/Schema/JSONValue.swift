/// A JSON value whose members keep their order, for the schemas that `tocsin schema` prints.
package enum JSONValue: Sendable, Equatable {
    case text(String)
    case integer(Int)
    case number(Double)
    case truth(Bool)
    case list([JSONValue])
    case object([Member])

    package struct Member: Sendable, Equatable {
        package var key: String
        package var value: JSONValue
    }

    /// An object of these members, in this order.
    static func members(_ members: KeyValuePairs<String, JSONValue>) -> JSONValue {
        .object(members.map { Member(key: $0.key, value: $0.value) })
    }

    static func texts(_ texts: some Sequence<String>) -> JSONValue {
        .list(texts.map(JSONValue.text))
    }

    /// The same object with one more member behind.
    func with(_ key: String, _ value: JSONValue) -> JSONValue {
        guard case .object(let members) = self else { return self }
        return .object(members + [Member(key: key, value: value)])
    }

    /// Indented by two; lists and objects of a few short values stand in one line.
    package var rendered: String { text(indent: 0) + "\n" }

    private static let lineMax = 96

    private func text(indent: Int) -> String {
        let line = inline
        if indent + line.utf8.count <= JSONValue.lineMax, isFlat { return line }
        let inner = String(repeating: " ", count: indent + 2)
        let outer = String(repeating: " ", count: indent)
        switch self {
        case .list(let values):
            let lines = values.map { inner + $0.text(indent: indent + 2) }
            return "[\n" + lines.joined(separator: ",\n") + "\n\(outer)]"
        case .object(let members):
            let lines = members.map { member in
                inner + JSONText.quoted(member.key) + ": " + member.value.text(indent: indent + 2)
            }
            return "{\n" + lines.joined(separator: ",\n") + "\n\(outer)}"
        case .text, .integer, .number, .truth: return line
        }
    }

    /// Holds no object inside another list or object.
    private var isFlat: Bool {
        switch self {
        case .list(let values): values.allSatisfy(\.isLeaf)
        case .object(let members): members.allSatisfy { $0.value.isLeaf }
        case .text, .integer, .number, .truth: true
        }
    }

    private var isLeaf: Bool {
        switch self {
        case .list(let values): values.isEmpty
        case .object(let members): members.isEmpty
        case .text, .integer, .number, .truth: true
        }
    }

    private var inline: String {
        switch self {
        case .text(let text): JSONText.quoted(text)
        case .integer(let number): "\(number)"
        case .number(let number): ValueText.of(number)
        case .truth(let truth): truth ? "true" : "false"
        case .list(let values): "[" + values.map(\.inline).joined(separator: ", ") + "]"
        case .object(let members):
            "{"
                + members.map { "\(JSONText.quoted($0.key)): \($0.value.inline)" }
                .joined(separator: ", ") + "}"
        }
    }
}
