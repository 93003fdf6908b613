/// Numbers of a plan as people read them.
enum PlanText {
    /// `4.2 MiB`
    static func bytes(_ count: Int) -> String {
        let units = ["B", "KiB", "MiB", "GiB", "TiB"]
        var value = Double(count)
        var position = 0
        while value >= 1024, position < units.count - 1 {
            value /= 1024
            position += 1
        }
        return
            "\(digits(value, decimals: position == 0 || value >= 100 ? 0 : 1)) \(units[position])"
    }

    /// `12 345`
    static func count(_ number: Int) -> String {
        var text = ""
        for (position, digit) in String(number).reversed().enumerated() {
            if position > 0, position % 3 == 0 { text.append(" ") }
            text.append(digit)
        }
        return String(text.reversed())
    }

    /// `12 345/s`, `0.2/s`
    static func rate(_ number: Double) -> String {
        let text =
            number >= 10 || number == number.rounded()
            ? count(Int(min(number.rounded(), 1e15))) : digits(number, decimals: 2)
        return text + "/s"
    }

    static func digits(_ number: Double, decimals: Int) -> String {
        var factor = 1.0
        for _ in 0..<decimals { factor *= 10 }
        return ValueText.of((number * factor).rounded() / factor)
    }
}

/// The plan for a terminal and for programs.
extension Plan {
    package var rendered: String {
        head + "\n"
            + table(
                PlanColumns.header, packs.map { PlanColumns.cells($0.pack, $0.load) })
            + (top.isEmpty ? "" : "\n" + topTable) + verdict
    }

    private var head: String {
        let bound = basis == .bound ? "at most " : ""
        return """
            streams      \(bound)\(PlanText.count(total.streams)) of \
            \(PlanText.count(limits.streams)) (limits.streams)\(origin)
            memory       \(bound)\(PlanText.bytes(memory)) of \
            \(PlanText.bytes(limits.memoryBytes)) (limits.memory)
              rings      \(PlanText.bytes(total.rings))
              windows    \(PlanText.bytes(total.windows))
              states     \(PlanText.bytes(total.states))
              fixed      \(PlanText.bytes(fixed)): the order ring, the table of rings
            evaluations  \(bound)\(PlanText.rate(total.evaluationsPerSecond)) of \
            \(PlanText.rate(Double(limits.evaluations))) (limits.evaluations)
            samples      \(bound)\(PlanText.rate(total.samplesPerSecond))
            rules        \(bound)\(PlanText.count(total.rules)) (rule × stream)
            alert log    \(PlanText.bytes(Int(logBytesPerDay))) a day: \
            \(PlanText.count(Int(eventsPerDay))) events a day\(isEventCountAssumed ? " (assumed; --events-per-day)" : ""), \
            \(Int(PlanAssumptions.eventBytes)) bytes each
            journal      \(bound)\(PlanText.bytes(Int(min(journalBytesPerDay, 9e18)))) a day: an \
            estimate, \(Int(PlanAssumptions.journalBytes)) bytes a sample; this version writes none

            """
    }

    private var origin: String {
        switch basis {
        case .inventory: ", of the inventory"
        case .asked: ", as asked; what no inventory lists needs at most what any pack needs"
        case .bound: ": without an inventory nobody knows; plan for N with --streams N"
        }
    }

    private var topTable: String {
        "the streams with the most memory\n"
            + table(
                ["STREAM", "RINGS", "WINDOWS", "STATES"],
                top.map { entry in
                    [
                        entry.stream, PlanText.bytes(entry.load.rings),
                        PlanText.bytes(entry.load.windows), PlanText.bytes(entry.load.states),
                    ]
                })
    }

    private var verdict: String {
        if basis == .bound { return "" }
        guard !excesses.isEmpty else { return "\nit fits\n" }
        return "\n" + refusal
    }

    /// A line for each limit that is not kept; empty where all are.
    package var refusal: String {
        excesses.map { "error: \($0.text)\n" }.joined()
    }

    /// The same as findings about a configuration.
    package func findings(path: String) -> [Diagnostic] {
        excesses.map {
            Diagnostic(
                .error, path: path, $0.text, help: "`tocsin plan` shows what needs how much")
        }
    }

    private func table(_ header: [String], _ rows: [[String]]) -> String {
        let lines = [header] + rows
        var widths = header.map { _ in 0 }
        for line in lines {
            for (column, cell) in line.enumerated() {
                widths[column] = max(widths[column], terminalWidth(of: cell))
            }
        }
        return lines.map { line in
            var text = ""
            for (column, cell) in line.enumerated() {
                let gap = String(repeating: " ", count: widths[column] - terminalWidth(of: cell))
                text += column == 0 ? cell + gap : "  " + gap + cell
            }
            return text + "\n"
        }.joined()
    }

    /// One JSON object.
    package var json: String {
        let limits = excesses.map { excess in
            JSONValue.members([
                "limit": .text(excess.limit), "need": .text(excess.need),
                "allowed": .text(excess.allowed), "remedy": .text(excess.remedy),
            ])
        }
        let word =
            switch basis {
            case .inventory: "inventory"
            case .asked: "asked"
            case .bound: "bound"
            }
        return JSONValue.members([
            "basis": .text(word), "fits": .truth(excesses.isEmpty), "total": total.json,
            "memory_bytes": .integer(memory), "fixed_bytes": .integer(fixed),
            "limit_memory_bytes": .integer(self.limits.memoryBytes),
            "limit_evaluations_per_s": .integer(self.limits.evaluations),
            "limit_streams": .integer(self.limits.streams),
            "events_per_day": .number(eventsPerDay),
            "alert_log_bytes_per_day": .number(logBytesPerDay),
            "journal_bytes_per_day_estimate": .number(journalBytesPerDay),
            "packs": .list(
                packs.map { .members(["pack": .text($0.pack), "load": $0.load.json]) }),
            "top_streams": .list(
                top.map { .members(["stream": .text($0.stream), "load": $0.load.json]) }),
            "excesses": .list(limits),
        ]).rendered
    }
}

extension PlanLoad {
    fileprivate var json: JSONValue {
        .members([
            "streams": .integer(streams), "rules": .integer(rules),
            "ring_bytes": .integer(rings), "window_bytes": .integer(windows),
            "state_bytes": .integer(states), "samples_per_s": .number(samplesPerSecond),
            "evaluations_per_s": .number(evaluationsPerSecond),
        ])
    }
}

/// The columns of the packs' table.
private enum PlanColumns {
    static let header = [
        "PACK", "STREAMS", "RULES", "RINGS", "WINDOWS", "STATES", "SAMPLES", "EVALUATIONS",
    ]

    static func cells(_ pack: String, _ load: PlanLoad) -> [String] {
        [
            pack, PlanText.count(load.streams), PlanText.count(load.rules),
            PlanText.bytes(load.rings), PlanText.bytes(load.windows),
            PlanText.bytes(load.states), PlanText.rate(load.samplesPerSecond),
            PlanText.rate(load.evaluationsPerSecond),
        ]
    }
}
