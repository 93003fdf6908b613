/// The files that a rule set is made of, in canonical order: what is hashed, stored under
/// `state/rulesets`, and read again at recovery.
package struct RuleBundle: Sendable {
    package enum Role: UInt8, Sendable {
        case rules, inventory
    }

    package struct File: Sendable {
        package var role: Role
        /// Relative to the path that was given, `/` between parts: the same on every machine.
        package var name: String
        /// As shown in messages.
        package var path: String
        package var bytes: [UInt8]

        package init(role: Role, name: String, path: String, bytes: [UInt8]) {
            self.role = role
            self.name = name
            self.path = path
            self.bytes = bytes
        }
    }

    /// Rules in the order they are loaded, the inventory last.
    package var files: [File]
    /// The day against which `disable: {until: …}` is held.
    package var day: CalendarDay

    package init(files: [File], day: CalendarDay) {
        self.files = files
        self.day = day
    }

    /// The bytes whose SHA-256 is the set's hash: the day, then per file its role, name and
    /// content, each text preceded by its length as eight bytes, most significant first.
    package var canonicalBytes: [UInt8] {
        var bytes: [UInt8] = []
        func append(_ content: some Collection<UInt8>) {
            let length = UInt64(content.count)
            for shift in stride(from: 56, through: 0, by: -8) {
                bytes.append(UInt8(truncatingIfNeeded: length >> UInt64(shift)))
            }
            bytes.append(contentsOf: content)
        }
        append(day.text.utf8)
        for file in files {
            bytes.append(file.role.rawValue)
            append(file.name.utf8)
            append(file.bytes)
        }
        return bytes
    }

    /// Why stored bytes are no bundle; `offset` is where reading stopped.
    package enum FormatError: Error, Equatable, Sendable {
        case endsEarly(offset: Int)
        case badText(offset: Int)
        case badRole(UInt8, offset: Int)
    }

    /// Reads `canonicalBytes` back; the files' paths are their names.
    package init(canonicalBytes bytes: [UInt8]) throws(FormatError) {
        var offset = 0
        func content() throws(FormatError) -> ArraySlice<UInt8> {
            guard bytes.count - offset >= 8 else { throw .endsEarly(offset: offset) }
            let length = bytes[offset..<offset + 8].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            let start = offset + 8
            guard length <= UInt64(bytes.count - start) else { throw .endsEarly(offset: offset) }
            offset = start + Int(length)
            return bytes[start..<offset]
        }
        func text() throws(FormatError) -> String {
            let start = offset
            guard let text = String(validating: try content(), as: UTF8.self) else {
                throw .badText(offset: start)
            }
            return text
        }
        guard let day = CalendarDay(parsing: try text()) else { throw .badText(offset: 0) }
        self.day = day
        files = []
        // Ends: every round takes at least the role's byte.
        while offset < bytes.count {
            guard let role = Role(rawValue: bytes[offset]) else {
                throw .badRole(bytes[offset], offset: offset)
            }
            offset += 1
            let name = try text()
            files.append(File(role: role, name: name, path: name, bytes: Array(try content())))
        }
    }
}
