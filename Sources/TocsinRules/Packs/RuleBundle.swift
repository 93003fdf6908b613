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
}
