/// Writes the members of one JSON object in the order of the calls.
package struct JSONMembers {
    package private(set) var bytes: [UInt8] = []

    package init() { bytes.reserveCapacity(1536) }

    private mutating func key(_ name: StaticString) {
        if !bytes.isEmpty { bytes.append(UInt8(ascii: ",")) }
        bytes.append(UInt8(ascii: "\""))
        name.withUTF8Buffer { bytes.append(contentsOf: $0) }
        bytes.append(UInt8(ascii: "\""))
        bytes.append(UInt8(ascii: ":"))
    }

    package mutating func null(_ name: StaticString) {
        key(name)
        bytes.append(contentsOf: "null".utf8)
    }

    package mutating func text(_ name: StaticString, _ text: String?) {
        guard let text else { return null(name) }
        key(name)
        JSONMembers.append(text, to: &bytes)
    }

    package mutating func integer(_ name: StaticString, _ number: Int64?) {
        guard let number else { return null(name) }
        key(name)
        bytes.append(contentsOf: String(number).utf8)
    }

    /// A number, shortest round-trip; null when there is none or it is not finite.
    package mutating func number(_ name: StaticString, _ number: Double?) {
        guard let number, number.isFinite else { return null(name) }
        key(name)
        bytes.append(contentsOf: JSONMembers.shortest(number).utf8)
    }

    package mutating func boolean(_ name: StaticString, _ flag: Bool) {
        key(name)
        bytes.append(contentsOf: (flag ? "true" : "false").utf8)
    }

    package mutating func labels(_ name: StaticString, _ labels: [(name: String, value: String)]) {
        key(name)
        bytes.append(UInt8(ascii: "{"))
        for (position, label) in labels.enumerated() {
            if position > 0 { bytes.append(UInt8(ascii: ",")) }
            JSONMembers.append(label.name, to: &bytes)
            bytes.append(UInt8(ascii: ":"))
            JSONMembers.append(label.value, to: &bytes)
        }
        bytes.append(UInt8(ascii: "}"))
    }

    /// A member whose value is JSON already.
    package mutating func raw(_ name: StaticString, _ json: [UInt8]) {
        key(name)
        bytes.append(contentsOf: json)
    }

    /// An array whose elements are JSON already.
    package mutating func list(_ name: StaticString, _ elements: [[UInt8]]) {
        raw(name, [UInt8(ascii: "[")] + elements.joined(separator: CollectionOfOne(0x2C)) + [0x5D])
    }

    /// `{…}` of the members that `write` adds.
    package static func object(_ write: (inout JSONMembers) -> Void) -> [UInt8] {
        var members = JSONMembers()
        write(&members)
        return [UInt8(ascii: "{")] + members.bytes + [UInt8(ascii: "}")]
    }

    /// A group's members with their votes; behind the last one that is named how many are not.
    package mutating func members(_ name: StaticString, _ vote: GroupVote?) {
        guard let vote else { return null(name) }
        var objects = vote.members.map { member in
            JSONMembers.object { object in
                object.text("stream", member.stream)
                object.text("vote", member.vote.word)
                object.number("value", member.value)
            }
        }
        if vote.omitted > 0 {
            objects.append(JSONMembers.object { $0.integer("more", Int64(vote.omitted)) })
        }
        list(name, objects)
    }

    /// The shortest decimal that reads back as the same double; whole numbers without `.0`.
    package static func shortest(_ number: Double) -> String {
        let text = number == 0 ? "0" : number.description
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }

    /// A number for people: at most six significant digits, so that a limit converted from another
    /// unit does not show the conversion's last bits. Events carry the exact number beside it.
    package static func readable(_ number: Double) -> String {
        let magnitude = number.magnitude
        guard magnitude >= 1e-4, magnitude < 1e6 else { return shortest(number) }
        var scale = 1.0
        while magnitude * scale < 1e5 { scale *= 10 }
        return shortest((number * scale).rounded() / scale)
    }

    /// A JSON string with RFC 8259's escapes; everything else is UTF-8 as it is.
    package static func append(_ text: String, to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                bytes.append(UInt8(ascii: "\\"))
                bytes.append(byte)
            case 0x0A: bytes.append(contentsOf: "\\n".utf8)
            case 0x0D: bytes.append(contentsOf: "\\r".utf8)
            case 0x09: bytes.append(contentsOf: "\\t".utf8)
            case 0..<0x20:
                let hex = Array("0123456789abcdef".utf8)
                bytes.append(contentsOf: "\\u00".utf8)
                bytes.append(hex[Int(byte >> 4)])
                bytes.append(hex[Int(byte & 15)])
            default: bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }
}
