// What a file of Tocsin may hold, as one table for each kind of file: keys, their shapes, a sentence
// on each. `tocsin schema` turns a table into JSON Schema 2020-12, and a test holds it against the
// keys that the readers ask for: a key that is missing on either side fails.
//
// Scalars are source text to our readers (contract §4), but an editor's YAML parser makes numbers
// and truth values of some. So a shape accepts each form in which an editor may hand over what the
// reader would take: `5` as a number and "5" as a string.

/// What may stand at a place of a file.
package indirect enum FileShape: Sendable {
    /// Any single value, read as its text.
    case text
    /// A text that a regular expression (ECMA 262) matches; never a bare number.
    case pattern(String)
    /// The same, where a bare number is a name too.
    case called(String)
    case word([String])
    case integer(ClosedRange<Int>)
    case number
    case truth
    /// `250ms 3s 5m 8h 30d`
    case duration
    /// `35 ppm`, `2 % of span`, or a number in the pack's unit.
    case quantity
    /// `256KiB`
    case bytes
    /// Nothing behind the key.
    case nothing
    case mapping(FileMapping)
    /// Keys of the user's choosing that a regular expression matches, all of one shape.
    case names(String, FileShape)
    /// `least`…`most` items; a single item may stand without brackets where `isLoneAllowed`.
    case list(FileShape, least: Int, most: Int?, isLoneAllowed: Bool)
    case either([FileShape])

    /// A list, or one item without brackets.
    static func oneOrMore(_ item: FileShape) -> FileShape {
        .list(item, least: 1, most: nil, isLoneAllowed: true)
    }

    /// The same, and an empty list is no mistake.
    static func oneOrNone(_ item: FileShape) -> FileShape {
        .list(item, least: 0, most: nil, isLoneAllowed: true)
    }
}

/// A mapping with known keys.
package struct FileMapping: Sendable {
    /// As `MappingReader` calls it in messages: what the readers' keys are compared by.
    package var name: String
    package var keys: [FileKey]
    /// At least one of these keys must be there, beside those that are required.
    package var anyOf: [String]
    /// Exactly one of these.
    package var oneOf: [String]

    init(_ name: String, anyOf: [String] = [], oneOf: [String] = [], _ keys: [FileKey]) {
        self.name = name
        self.anyOf = anyOf
        self.oneOf = oneOf
        self.keys = keys
    }
}

/// One key of a mapping.
package struct FileKey: Sendable {
    package var name: String
    package var about: String
    package var shape: FileShape
    package var isRequired: Bool

    init(_ name: String, _ shape: FileShape, required: Bool = false, _ about: String) {
        self.name = name
        self.shape = shape
        self.isRequired = required
        self.about = about
    }
}

// MARK: JSON Schema

extension FileShape {
    /// As a schema of JSON Schema 2020-12.
    var schema: JSONValue {
        switch self {
        case .text: .members(["type": .texts(["string", "number", "boolean"])])
        case .pattern(let expression):
            .members(["type": .text("string"), "pattern": .text(expression)])
        case .called(let expression):
            .members([
                "type": .texts(["string", "number", "boolean"]), "pattern": .text(expression),
            ])
        case .word(let words): .members(["enum": FileShape.values(words)])
        case .integer(let range): FileShape.integer(range)
        case .number:
            .members([
                "type": .texts(["number", "string"]),
                "pattern": .text("^\\s*[-+－＋−]?[0-9０-９.．]+([eE][-+]?[0-9]+)?\\s*$"),
            ])
        case .truth:
            .members([
                "type": .texts(["boolean", "string"]),
                "pattern": .text(
                    "^([Tt][Rr][Uu][Ee]|[Ff][Aa][Ll][Ss][Ee]|[Yy][Ee][Ss]|[Nn][Oo]|"
                        + "[Oo][Nn]|[Oo][Ff][Ff])$"),
            ])
        case .duration:
            .members([
                "type": .text("string"),
                "pattern": .text("^\\s*[0-9０-９.．]+\\s*(ms|s|m|min|h|d)\\s*$"),
            ])
        case .quantity:
            .members([
                "type": .texts(["number", "string"]), "pattern": .text("^\\s*[-+－＋−]?[0-9０-９.．]"),
            ])
        case .bytes:
            .members([
                "type": .texts(["integer", "string"]),
                "pattern": .text("^\\s*[0-9０-９]+\\s*(B|KiB|MiB|GiB|TiB)?\\s*$"),
            ])
        case .nothing: .members(["type": .text("null")])
        case .mapping(let mapping): mapping.schema
        case .names(let expression, let shape):
            .members([
                "type": .text("object"),
                "propertyNames": .members(["pattern": .text(expression)]),
                "additionalProperties": shape.schema,
            ])
        case .list(let item, let least, let most, let isLoneAllowed):
            FileShape.list(item, least, most, isLoneAllowed)
        case .either(let shapes): .members(["anyOf": .list(shapes.map(\.schema))])
        }
    }

    /// Few values are listed; of more, a number is held against both ends and a text against the
    /// sign and zero alone.
    private static func integer(_ range: ClosedRange<Int>) -> JSONValue {
        if range.upperBound < 16 { return .members(["enum": values(range.map { "\($0)" })]) }
        let digits =
            range.lowerBound > 0 ? "[0０]*[1-9１-９][0-9０-９]*" : "[0-9０-９]+"
        return .members([
            "type": .texts(["integer", "string"]), "minimum": .integer(range.lowerBound),
            "maximum": .integer(range.upperBound), "pattern": .text("^\\s*[+＋]?\(digits)\\s*$"),
        ])
    }

    private static func list(
        _ item: FileShape, _ least: Int, _ most: Int?, _ isLoneAllowed: Bool
    ) -> JSONValue {
        var list = JSONValue.members(["type": .text("array"), "items": item.schema])
        if least > 0 { list = list.with("minItems", .integer(least)) }
        if let most { list = list.with("maxItems", .integer(most)) }
        return isLoneAllowed ? .members(["anyOf": .list([list, item.schema])]) : list
    }

    /// A word that YAML reads as a number (`5`) is accepted as one too.
    private static func values(_ words: [String]) -> JSONValue {
        .list(
            words.flatMap { word -> [JSONValue] in
                Int(word).map { [.text(word), .integer($0)] } ?? [.text(word)]
            })
    }
}

extension FileMapping {
    var schema: JSONValue {
        let properties = keys.map { key in
            JSONValue.Member(key: key.name, value: key.schema)
        }
        var schema = JSONValue.members([
            "type": .text("object"), "properties": .object(properties),
            "additionalProperties": .truth(false),
        ])
        let required = keys.filter(\.isRequired).map(\.name)
        if !required.isEmpty { schema = schema.with("required", .texts(required)) }
        for (word, names) in [("anyOf", anyOf), ("oneOf", oneOf)] where !names.isEmpty {
            schema = schema.with(
                word, .list(names.map { .members(["required": .texts([$0])]) }))
        }
        return schema
    }

    /// The mapping and all that stand inside it, by name.
    package var all: [FileMapping] { [self] + keys.flatMap { $0.shape.mappings } }
}

extension FileShape {
    fileprivate var mappings: [FileMapping] {
        switch self {
        case .mapping(let mapping): mapping.all
        case .names(_, let shape): shape.mappings
        case .list(let item, _, _, _): item.mappings
        case .either(let shapes): shapes.flatMap(\.mappings)
        case .text, .pattern, .called, .word, .integer, .number, .truth, .duration, .quantity,
            .bytes,
            .nothing:
            []
        }
    }
}

extension FileKey {
    /// The shape's schema with the key's sentence in front.
    var schema: JSONValue {
        guard case .object(let members) = shape.schema else { return shape.schema }
        return .object([JSONValue.Member(key: "description", value: .text(about))] + members)
    }
}
