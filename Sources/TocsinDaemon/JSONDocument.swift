import TocsinEngine

/// Writes nested JSON for the API with the event lines' own writer.
enum JSONDocument {
    /// `{…}` of members that `write` adds.
    static func object(_ write: (inout JSONMembers) -> Void) -> [UInt8] {
        JSONMembers.object(write)
    }

    /// `{"name":[…],"total":N}`.
    static func list(_ name: String, _ items: [[UInt8]], total: Int) -> [UInt8] {
        var bytes = Array("{\"\(name)\":[".utf8)
        for (position, item) in items.enumerated() {
            if position > 0 { bytes.append(UInt8(ascii: ",")) }
            bytes += item
        }
        bytes += Array("],\"total\":\(total)}".utf8)
        return bytes
    }
}
