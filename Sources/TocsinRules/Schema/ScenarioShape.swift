import TocsinDecode
import TocsinModel

/// What a scenario holds (contract §6). Its reader is in TocsinReplay, which uses this module.
enum ScenarioShape {
    static let file = FileMapping(
        "a scenario",
        [
            FileKey("scenario", .text, required: true, "Its name."),
            FileKey("about", .text, "What it shows."),
            FileKey("seed", .integer(0...Int.max), "Of its noise; default 1."),
            FileKey("duration", .duration, required: true, "How long it lasts."),
            FileKey("start", .text, "Its first moment, RFC 3339 or milliseconds since 1970."),
            FileKey("site", .text, "The site's id; default `scenario`."),
            FileKey("decimals", .integer(0...9), "Decimals of the values; default 3."),
            FileKey(
                "rules", .oneOrMore(.text), required: true,
                "Files and folders of packs, from the scenario's folder."),
            FileKey("inventory", .text, "A table of sensors, from the scenario's folder."),
            FileKey("streams", .oneOrNone(.mapping(stream)), "The sensors and what they show."),
            FileKey("events", .oneOrNone(.mapping(event)), "What happens, one thing each."),
            FileKey(
                "expect", .oneOrNone(.mapping(expectation)), "What must and what must not follow."),
        ])

    private static let qualities = QualityMeaning.allCases.map(\.rawValue)
    private static let lasting = FileKey("for", .duration, "How long; default: from here on.")
    private static let span = FileKey("for", .duration, "How long.")
    private static let count = FileKey("count", .integer(1...1_000_000), "How many samples.")
    private static let to = FileKey("to", .number, required: true, "The value it goes to.")

    private static let stream = FileMapping(
        "a stream",
        [
            FileKey(
                "stream", .text, required: true,
                "A name, or several: store/nh3/{1..4}, store/{nh3,lel}/1."),
            FileKey("unit", .text, "What its values are in."),
            FileKey("every", .duration, "Its cadence; without it, only at its events."),
            FileKey("decimals", .integer(0...9), "Decimals of the values."),
            FileKey("quality", .word(qualities), "What it says of its readings."),
            FileKey("retained", .truth, "Its first sample is a retained message."),
            FileKey("time", .word(["sensor", "none"]), "none: its payloads carry no time."),
            FileKey("test", .truth, "Published under the test prefix."),
            FileKey("signal", .mapping(signal), "What it shows while nothing happens."),
        ])

    private static let wave: [FileKey] = [
        FileKey("amplitude", .number, required: true, "Around the level."),
        FileKey("period", .duration, required: true, "Once around."),
    ]

    private static let signal = FileMapping(
        "`signal`",
        [
            FileKey("state", .text, "A state word, instead of numbers."),
            FileKey("baseline", .number, "The level."),
            FileKey("noise", .number, "Its standard deviation."),
            FileKey("sine", .mapping(FileMapping("`sine`", wave)), "A wave on the level."),
            FileKey("sawtooth", .mapping(FileMapping("`sawtooth`", wave)), "A sawtooth on it."),
        ])

    // MARK: Events

    private static func inner(_ name: String, _ keys: [FileKey]) -> FileShape {
        .mapping(FileMapping("`\(name)`", keys))
    }

    private static let shapes: [FileKey] = [
        FileKey(
            "ramp", inner("ramp", [to, FileKey("over", .duration, required: true, "How long.")]),
            "Goes there in a straight line."),
        FileKey("step", inner("step", [to, lasting]), "Jumps there."),
        FileKey("spike", inner("spike", [to, span, count]), "Jumps there and back."),
        FileKey(
            "decay",
            inner("decay", [to, FileKey("half_life", .duration, required: true, "Half the way.")]),
            "Approaches it."),
        FileKey(
            "drift",
            inner(
                "drift",
                [
                    FileKey("by", .number, required: true, "How far."),
                    FileKey("over", .duration, required: true, "How long."),
                ]), "Moves slowly, and stays there."),
    ]

    private static let faults: [FileKey] = [
        FileKey("stuck", inner("stuck", [lasting]), "Repeats its last value."),
        FileKey("gap", inner("gap", [lasting]), "Is silent."),
        FileKey("duplicate", inner("duplicate", [span, count]), "Sends each sample twice."),
        FileKey(
            "reorder",
            inner(
                "reorder",
                [
                    FileKey("by", .duration, required: true, "How much later."), span, count,
                ]), "Every second sample comes later than it should."),
        FileKey(
            "clock-jump",
            .mapping(
                FileMapping(
                    "`clock-jump`", anyOf: ["by", "to"],
                    [
                        FileKey(
                            "by", .pattern("^-?[0-9.]+\\s*(ms|s|m|min|h|d)$"),
                            "How far, such as -1h."),
                        FileKey("to", .text, "The time that it shows."), lasting,
                    ])), "Its clock is wrong."),
        FileKey("quality", wordLasting("quality", .word(qualities)), "What it says of itself."),
        FileKey("state", wordLasting("state", .text), "Its state."),
    ]

    private static func wordLasting(_ name: String, _ word: FileShape) -> FileShape {
        .either([
            word,
            inner(name, [FileKey("to", word, required: true, "What it becomes."), lasting]),
        ])
    }

    private static let sample = FileKey(
        "sample",
        inner(
            "sample",
            [
                FileKey("value", .number, "Default: what the signal shows."),
                FileKey("state", .text, "A state word."),
                FileKey("quality", .word(qualities), "What it says of the reading."),
                FileKey("retained", .truth, "A retained message."),
                FileKey("time", .text, "none, or relative to its arrival, such as -5s."),
            ]), "One message out of turn.")

    private static let feed = FileKey(
        "feed",
        inner(
            "feed",
            [
                FileKey("file", .text, required: true, "The recording, from this folder."),
                FileKey("prefix", .text, "Put before each stream's name."),
                FileKey("only", .truth, "Streams that are not renamed are left out."),
                FileKey("streams", .names(".", .text), "Old names and new ones."),
            ]), "A recording is mixed in.")

    private static let command: [FileKey] = [
        FileKey("alarm", .text, required: true, "The rule, by its full or short name."),
        FileKey("stream", .text, required: true, "Its stream."),
        FileKey("by", .text, "Who; default `operator`."),
        FileKey("reason", .text, "The reason for it."),
    ]

    private static let plant: [FileKey] = [
        sample, feed,
        FileKey("acknowledge", inner("acknowledge", command), "An operator's command."),
        FileKey(
            "reset",
            inner(
                "reset",
                command + [
                    FileKey("confirm_over_range", .truth, "The over-range was looked into.")
                ]), "An operator's command."),
        FileKey("broker", .word(["lost", "back"]), "The connection to the broker."),
    ]

    private static let kinds = shapes + faults + plant

    private static let event = FileMapping(
        "an event", oneOf: kinds.map(\.name),
        [
            FileKey("at", .duration, required: true, "From the scenario's start."),
            FileKey("stream", .text, "The stream, or several by a pattern."),
        ] + kinds)

    // MARK: Expectations

    private static let window = FileShape.either([
        .list(.duration, least: 2, most: 2, isLoneAllowed: false), .word(["any"]),
    ])

    private static let selection: [FileKey] = [
        FileKey("alarm", .text, "The rule, by its full or short name."),
        FileKey("rule", .text, "The rule's full name."),
        FileKey("class", .word(AlarmClass.allCases.map(\.word)), "The event's class."),
        FileKey("stream", .text, "The stream, or several by a pattern."),
        FileKey("group", .text, "The group, for an alarm `per:` group; or several by a pattern."),
        FileKey("priority", .word(Priority.allCases.map(\.word)), "The event's priority."),
        FileKey("level", .text, "The event's colour."),
        FileKey("quality", .word(Quality.allCases.map(\.word)), "The event's quality."),
        FileKey("degraded", .truth, "Raised although something was unknown."),
        FileKey("retained", .truth, "From a retained message."),
        FileKey("mode", .word(Mode.allCases.map(\.word)), "The event's mode."),
        FileKey("message", .text, "A part of the message."),
        FileKey("reason", .text, "A part of the reason."),
    ]

    private static let outcomes: [FileKey] =
        [
            "raised", "cleared", "escalated", "de-escalated", "acknowledged", "reset", "re-alarmed",
        ].map { FileKey($0, window, "When it is \($0): [7m, 8m] from the start, or any.") } + [
            FileKey("event", .word(EventKind.allCases.map(\.word)), "Another event."),
            FileKey("window", window, "When `event` comes, or when there is `no_alarm`."),
            FileKey(
                "count",
                .either([
                    .integer(0...1_000_000),
                    .list(.integer(0...1_000_000), least: 2, most: 2, isLoneAllowed: false),
                ]), "How many such events; default 1."),
            FileKey("no_alarm", .truth, "Nothing is raised."),
            FileKey("state", .word(AlarmState.allCases.map(\.word)), "How the alarm ends."),
            FileKey("refused", .mapping(refusal), "A command that must be refused."),
        ]

    private static let refusal = FileMapping(
        "`refused`",
        [
            FileKey("command", .word(["acknowledge", "reset"]), required: true, "Which."),
            FileKey("alarm", .text, required: true, "The rule."),
            FileKey("stream", .text, required: true, "Its stream."),
            FileKey("at", .duration, required: true, "When it is tried."),
            FileKey("reason", .text, "A part of the reason."),
        ])

    private static let expectation = FileMapping("an expectation", selection + outcomes)
}
