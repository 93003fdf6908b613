import TocsinModel

/// `disable:` of a pack: the rules that a site takes out, each with its reason (contract §4).
struct DisabledAlarms {
    /// The alarms out of force, by name.
    private(set) var names: Set<String> = []
    /// The days on which entries end, past and future.
    private(set) var days: [CalendarDay] = []
    private var entries: [(name: YAMLText, isInForce: Bool)] = []

    /// Reads the entries; one whose `until` has come is a warning and disables nothing: the alarm
    /// is back from the first minute of that day, which is the safe reading of the word.
    init(_ items: [YAMLNode], today: CalendarDay, reporting diagnostics: DiagnosticList) {
        for item in items {
            guard
                var reader = MappingReader(
                    item, name: "an entry of `disable`", reporting: diagnostics)
            else { continue }
            let alarm = reader.text("alarm", required: true)
            _ = reader.text("reason", required: true)
            let until = reader.text("until")
            reader.finish()
            var isInForce = true
            if let until {
                guard let day = CalendarDay(parsing: until.text) else {
                    diagnostics.error(
                        at: until.node.range, "`\(until.text)` is no date",
                        help: "write year, month and day, such as 2026-12-01")
                    continue
                }
                days.append(day)
                isInForce = today < day
                if !isInForce, let alarm {
                    diagnostics.warning(
                        at: until.node.range,
                        "`\(alarm.text)` was disabled until \(day.text) and is in force again",
                        help: "delete the entry, or renew its reason and date")
                }
            }
            guard let alarm else { continue }
            entries.append((alarm, isInForce))
            if isInForce { names.insert(alarm.text) }
        }
    }

    /// Reports entries that name no alarm of the pack.
    func check(among alarms: [String], reporting diagnostics: DiagnosticList) {
        for entry in entries where !alarms.contains(entry.name.text) {
            diagnostics.error(
                at: entry.name.node.range, "the pack has no alarm `\(entry.name.text)`",
                help: nearestName(entry.name.text, among: alarms).map { "did you mean `\($0)`?" }
                    ?? "its alarms: " + alarms.joined(separator: ", "))
        }
    }
}
