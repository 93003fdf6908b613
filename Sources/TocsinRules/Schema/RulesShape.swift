import TocsinModel

/// What a rules file holds (contract §4).
enum RulesShape {
    /// One document of a file.
    static let pack = FileMapping(
        "a pack", anyOf: ["match", "extends"], identity + measured + timing + rules)

    private static let path = "^[^\\s/]+(/[^\\s/]+)*$"
    private static let limitName = "^[^\\s0-9.:/%-][^\\s.:/%-]*$"
    private static let steps = "^(H+|L+)$"
    static let priorities = Priority.allCases.reversed().map(\.word)
    static let classes = AlarmClass.allCases.filter { $0 != .system }.map(\.word)
    private static let levels = ["red", "orange", "yellow", "blue", "green"]

    private static let identity: [FileKey] = [
        FileKey("pack", .called(path), required: true, "The pack's name, such as hazchem/nh3."),
        FileKey(
            "extends", .called(path),
            "The pack that this one takes over; what is written here replaces its keys."),
        FileKey("about", .text, "What the pack is for, in a sentence."),
        FileKey("source", .text, "The standard and clause that its numbers come from."),
        FileKey("domain", .text, "hazchem, dust, fire …; default: the first part of the name."),
        FileKey(
            "scale", .word(LevelScale.known.map(\.name)),
            "The scale that the colours in `level` belong to."),
        FileKey(
            "match", .text,
            "The streams it is for: an MQTT filter with named levels, {area}/hazchem/lel/{id}."),
    ]

    private static let measured: [FileKey] = [
        FileKey("unit", .text, "What `value` is in; other units of its dimension are converted."),
        FileKey("gas", .text, "The gas, for conversions between ppm, mg/m3 and %LEL."),
        FileKey("molar_mass", .number, "g/mol, for a gas that is not in the table."),
        FileKey("lel", .number, "The lower explosive limit in %vol."),
        FileKey(
            "reference",
            .mapping(
                FileMapping(
                    "`reference`",
                    [
                        FileKey("temperature", .quantity, "Default 25 °C."),
                        FileKey("pressure", .quantity, "Default 101.325 kPa."),
                    ])),
            "The gas condition that volume concentrations are meant at."),
        FileKey(
            "span", range,
            "The measuring range; beyond it a sample is good, flagged over or under."),
        FileKey("fault", range, "Only beyond this range is a sample bad."),
        FileKey(
            "states", .names(".", .oneOrMore(.text)),
            "The states of a stream that says words or numbers: what stands for each."),
        FileKey(
            "limits", .names(limitName, .either([.quantity, .nothing])),
            "The set-points by name; an empty one is left to the inventory."),
    ]

    private static let range = FileShape.list(.quantity, least: 2, most: 2, isLoneAllowed: false)

    private static let timing: [FileKey] = [
        FileKey(
            "every", .either([.duration, .word(["on-change"])]),
            "How often a stream speaks; silence for `stale_after` raises trouble."),
        FileKey("heartbeat", .duration, "With `every: on-change`: the longest silence."),
        FileKey("stale_after", .duration, "Silence that raises trouble; default 3 × `every`."),
    ]

    private static let rules: [FileKey] = [
        FileKey(
            "defaults", .mapping(FileMapping("`defaults`", defaults)),
            "What the rules say unless they say otherwise."),
        FileKey(
            "trouble", .mapping(FileMapping("`trouble`", trouble)),
            "How silence, bad quality and unusable clocks are announced."),
        FileKey(
            "ladder", .names(steps, .mapping(FileMapping("a step of `ladder`", common))),
            "Levels of one alarm: H, HH compare with >=, L, LL with <=; the further supersedes."),
        FileKey(
            "alarms",
            .list(
                .mapping(FileMapping("an alarm", alarm)), least: 0, most: nil,
                isLoneAllowed: false),
            "The other rules, each with its condition."),
        FileKey(
            "define", .oneOrNone(.mapping(FileMapping("an entry of `define`", calculated))),
            "Streams that are computed from others."),
        FileKey(
            "disable", .oneOrNone(.mapping(FileMapping("an entry of `disable`", disabled))),
            "Rules that the site takes out of force, each with its reason."),
    ]

    private static let deadband = FileKey(
        "deadband", .either([.quantity, .names(limitName, .quantity)]),
        "How far a value must go back before its alarm clears; one, or one for each limit.")

    private static let delays: [FileKey] = [
        FileKey("on_delay", .duration, "How long the condition must hold before it raises."),
        FileKey("off_delay", .duration, "How long it must be over before it clears."),
        FileKey("latch", .truth, "Stands after the return to normal until someone resets it."),
    ]

    private static let weight: [FileKey] = [
        FileKey("class", .word(classes), "Default: alarm."),
        FileKey("priority", .word(priorities), "How urgent the operator's action is."),
    ]

    private static let words: [FileKey] = [
        FileKey("title", .text, "A short name for people."),
        FileKey("cause", .text, "What is likely behind it."),
        FileKey("consequence", .text, "What happens if nobody acts."),
        FileKey("action", .text, "What the operator does."),
        FileKey("respond_within", .duration, "How much time the operator has."),
        FileKey("level", .word(levels), "A colour of the pack's `scale`."),
    ]

    private static let holds: [FileKey] = [
        FileKey("min_hold", .duration, "Once raised it stays at least so long."),
        FileKey(
            "re_alarm", .either([.duration, .pattern("^[Oo][Ff][Ff]$"), .word(["off"])]),
            "A standing alarm is announced anew after so long; off: never."),
        FileKey(
            "unless", .text,
            "While this condition is true the alarm is suppressed by design; none: never."),
        FileKey(
            "schedule", .oneOrMore(.pattern(".")),
            "When the alarm is in force, such as mon-fri 08:00-18:00; several: in any of them."),
    ]

    private static let defaults = delays + holds + weight + [deadband]
    private static let trouble = delays + [weight[1]] + words

    /// Keys that steps of a ladder and alarms share.
    private static let common =
        weight + words + delays + holds + [
            deadband,
            FileKey(
                "n_of_m",
                .pattern("^\\s*[0-9０-９]+\\s+[OoＯｏ][FfＦｆ]\\s+[0-9０-９]+\\s*$"),
                "Raises when true at so many of the newest samples, such as 3 of 5."),
        ]

    private static let alarm =
        [
            FileKey(
                "name", .called("^[^\\s/]+$"), required: true,
                "For machines: PACK/NAME in events; no blanks, no slash."),
            FileKey("when", .pattern("."), "The condition, such as value >= limit.H."),
            FileKey("clear_when", .pattern("."), "The alarm ends only where this is true."),
            FileKey(
                "supersedes", .oneOrNone(.text), "Rules of the pack that are lower levels of it."),
            FileKey("per", .text, "One alarm for each value of this label, not for each stream."),
            FileKey(
                "degraded", .mapping(FileMapping("`degraded`", degraded)),
                "What a vote needs where members are bad, inhibited or silent."),
        ] + common

    private static let degraded: [FileKey] =
        ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "all"]
        .map { word in
            FileKey(
                "\(word)_bad", .pattern("^([0-9]+oo[0-9]+|trouble)$"),
                "The vote where \(word) of the members are out: 1oo2, or trouble.")
        }

    private static let calculated: [FileKey] = [
        FileKey("stream", .text, required: true, "Its name; labels in braces are filled in."),
        FileKey("unit", .text, "The unit of its values."),
        FileKey("value", .text, required: true, "The expression."),
        FileKey("per", .text, "One for each value of this label."),
    ]

    private static let disabled: [FileKey] = [
        FileKey("alarm", .text, required: true, "The rule's name in this pack."),
        FileKey("reason", .text, required: true, "Why, with the number of the change."),
        FileKey(
            "until", .pattern("^[0-9]{4}-[0-9]{2}-[0-9]{2}$"),
            "The day on which it comes back into force."),
    ]
}
