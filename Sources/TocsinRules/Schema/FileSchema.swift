/// The JSON Schemas that `tocsin schema` prints.
package enum FileSchema: String, CaseIterable, Sendable {
    case rules, config, scenario, event

    /// JSON Schema 2020-12, indented, a line feed at its end.
    package var text: String { document.rendered }

    /// The table that the schema is made of; an event is no file that we read.
    package var table: FileMapping? {
        switch self {
        case .rules: RulesShape.pack
        case .config: ConfigurationShape.file
        case .scenario: ScenarioShape.file
        case .event: nil
        }
    }

    /// The names of an event's members, in the order of the line.
    package static var eventMembers: [String] { EventShape.members.map(\.name) }

    private var document: JSONValue {
        let head: [JSONValue.Member] = [
            .init(key: "$schema", value: .text("https://json-schema.org/draft/2020-12/schema")),
            .init(key: "title", value: .text(title)),
        ]
        guard case .object(let members) = body else { return body }
        return .object(head + members)
    }

    private var title: String {
        switch self {
        case .rules: "A pack of Tocsin's rules: one document of a rules file"
        case .config: "Tocsin's configuration"
        case .scenario: "A scenario of Tocsin"
        case .event: "An event of Tocsin: a line of the alert log, the body of a webhook"
        }
    }

    private var body: JSONValue {
        switch self {
        case .rules:
            // An extension may change a part of its base's alarm; an alarm of its own has a condition.
            RulesShape.pack.schema
                .with("if", .members(["not": .members(["required": .texts(["extends"])])]))
                .with("then", FileSchema.alarmsHaveConditions)
        case .config: ConfigurationShape.file.schema
        case .scenario: ScenarioShape.file.schema
        case .event: EventShape.schema
        }
    }

    private static let alarmsHaveConditions = JSONValue.members([
        "properties": .members([
            "alarms": .members([
                "items": .members(["required": .texts(["name", "when"])])
            ])
        ])
    ])
}
