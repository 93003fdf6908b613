// Wrong packs: votes with `per` and `degraded`, and calculated streams.

extension WrongPack {
    /// The gas pack with a vote beside its ladder; the alarm's keys stand on lines 12 and on.
    private static func vote(
        _ keys: String, when: String = "votes(value >= limit.H, of=\"{area}/lel/+\") >= 2",
        _ findings: [String]
    ) -> WrongPack {
        let alarm = "  - name: vote\n    when: \(when)\n    priority: critical\n    action: Go\n"
        return WrongPack("ladder:", "alarms:\n\(alarm)    \(keys)\nladder:", findings)
    }

    static let votes: [WrongPack] = [
        vote("per: aera", ["12:10 error: `match` has no label `aera`"]),
        vote("per: \"{area}\"", ["12:10 error: `match` has no label `{area}`"]),
        vote("per: [area]", ["12:10 error: `per` must be text, found a list"]),
        vote(
            "per: area\n    n_of_m: 2 of 3",
            ["13:5 error: `n_of_m` counts the samples of one stream: an alarm with `per` has none"]),
        vote(
            "per: area", when: "value >= limit.H",
            [
                "9:11 error: `value` is of one stream, but the rule has one alarm per `area`",
                "9:20 error: `limit.H` is of one stream, but the rule has one alarm per `area`",
            ]),
        vote(
            "per: area\n    unless: age > 5m",
            ["13:13 error: `age` is of one stream, but the rule has one alarm per `area`"]),
        vote(
            "per: area", when: "votes(value >= limit.H, of=\"{area}/lel/{id}\") >= 2",
            ["9:51 error: unknown label `{id}`"]),
        vote(
            "per: area\n    supersedes: [H]",
            [
                "13:18 error: `vote` is one alarm per `area`, `H` for each stream: they cannot be "
                    + "one"
            ]),
        vote("degraded: {one_bad: 1oo2, two_bad: 1oo1, all_bad: trouble}", []),
        vote("degraded: {one_bad: 2oo2}", []),
        vote("degraded: {all_bad: trouble}", []),
        vote("degraded: 1oo2", ["12:15 error: `degraded` must be a mapping of keys, found `1oo2`"]),
        vote("degraded: {}", ["12:15 error: `degraded` says nothing"]),
        vote("degraded: {none_bad: 1oo2}", ["12:16 error: unknown key `none_bad` in `degraded`"]),
        vote("degraded: {one_bad: 1 of 2}", ["12:25 error: `1 of 2` is no vote"]),
        vote("degraded: {one_bad: alarm}", ["12:25 error: `alarm` is no vote"]),
        vote("degraded: {one_bad: 3oo2}", ["12:25 error: `3oo2` can never be: 3 out of 2"]),
        vote("degraded: {one_bad: 0oo2}", ["12:25 error: `0oo2` can never be: 0 out of 2"]),
        vote(
            "degraded: {all_bad: 1oo1}",
            ["12:25 error: `all_bad` leaves nobody to vote: only `trouble` is possible"]),
        vote(
            "degraded: {two_bad: 1oo1}", ["12:25 error: `two_bad` stands without `one_bad`"]),
        vote(
            "degraded: {one_bad: 1oo3, two_bad: 2oo2}",
            ["12:40 error: `two_bad` needs 2, more than `one_bad` does"]),
        vote(
            "degraded: {one_bad: 1oo3, two_bad: 1oo1}",
            ["12:40 error: `one_bad` counts 4 members: with 2 out, 2 are left, not 1"]),
        vote(
            "degraded: {one_bad: trouble, two_bad: 1oo1}",
            ["12:43 error: `two_bad` votes, although `one_bad` is trouble already"]),
        vote(
            "degraded: {one_bad: 3oo3}",
            ["12:25 error: `one_bad` needs 3, more than the 2 of the vote"]),
        vote(
            "degraded: {one_bad: 1oo1}",
            when: "votes(value >= limit.H, of=\"{area}/lel/+\") >= 3",
            ["12:25 error: `one_bad` counts 2 members: 3 votes can never come together"]),
        vote(
            "degraded: {one_bad: 1oo2}", when: "votes(value >= limit.H, of=\"{area}/lel/+\") <= 2",
            ["12:5 error: `degraded` is for `votes(…) >= N`: this vote asks for few, not many"]),
        vote(
            "degraded: {one_bad: 1oo2}", when: "any(value >= limit.H, of=\"{area}/lel/+\")",
            ["12:5 error: `degraded` needs a vote in `when`"]),
        vote(
            "degraded: {one_bad: 1oo2}",
            when: "votes(over, of=\"{area}/lel/+\") >= 2 or votes(over, of=\"{area}/lel/+\") >= 3",
            ["12:5 error: `when` has votes of 2 and 3: which one `degraded` is for is not clear"]),
        WrongPack(
            "H: {priority: high,", "H: {per: area, degraded: {one_bad: 1oo2}, priority: high,",
            [
                "9:7 error: a step of `ladder` has no `per`",
                "9:18 error: a step of `ladder` has no `degraded`",
            ]),
        WrongPack(
            "ladder:",
            "alarms:\n  - {name: v-out, when: over, priority: low, action: Go}\n"
                + "  - name: v\n    when: votes(over, of=\"{area}/lel/+\") >= 2\n"
                + "    degraded: {all_bad: trouble}\n    priority: low\n    action: Go\nladder:",
            ["8:12 error: `v-out` is the name of a built-in trouble rule"]),
    ]

    /// The gas pack with one calculated stream.
    private static func define(
        stream: String = "\"{area}/calc/{id}\"", unit: String = "\"%LEL\"",
        value: String = "value * 2",
        more: String = "", _ findings: [String]
    ) -> WrongPack {
        let entry = "  - stream: \(stream)\n    unit: \(unit)\n    value: \(value)\n\(more)"
        return WrongPack("ladder:", "define:\n\(entry)ladder:", findings)
    }

    static let definitions: [WrongPack] = [
        define([]),
        define(
            value: "limit.H",
            ["10:12 error: the value asks no stream: it would never be computed"]),
        define(value: "5 %LEL", ["10:12 error: this is a number: nothing is measured here"]),
        define(value: "value >= 5", ["10:12 error: a number is needed, but this is a condition"]),
        define(value: "vlaue", ["10:12 error: unknown name `vlaue`"]),
        define(
            value: "mean_of(valeu, of=\"{area}/lel/+\")", ["10:20 error: unknown name `valeu`"]),
        define(
            unit: "ppm",
            [
                "10:12 error: cannot convert fraction of the lower explosive limit (%LEL) to volume "
                    + "concentration (ppm): the gas is not stated"
            ]),
        define(unit: "pmm", ["9:11 error: unknown unit `pmm`"]),
        define(
            stream: "\"{area}/+/{id}\"",
            ["8:13 error: `+` and `#` name many streams: this is the name of one"]),
        define(stream: "\"{aera}/calc/{id}\"", ["8:15 error: `match` has no label `aera`"]),
        define(
            stream: "\"{area}/calc\"",
            ["8:13 error: without `{id}` different streams would get the same name"]),
        define(stream: "\"{area/calc\"", ["8:14 error: a label in braces must be a whole level"]),
        define(
            stream: "\"{area}/lel/{id}\"",
            ["8:13 error: the stream `{area}/lel/{id}` is computed from itself"]),
        define(
            value: "stream(\"{area}/calc/{id}\")",
            ["8:13 error: the stream `{area}/calc/{id}` is computed from itself"]),
        define(
            more: "    every: 1s\n", ["11:5 error: unknown key `every` in an entry of `define`"]),
        define(
            more: "    per: area\n",
            [
                "8:27 error: a stream for each `area` has no `{id}`"
            ]),
        define(
            stream: "\"{area}/calc\"", more: "    per: area\n",
            ["10:12 error: `value` is of one stream, but the rule has one alarm per `area`"]),
        define(
            stream: "\"calc/x\"", value: "mean_of(value, of=\"{area}/lel/+\")",
            more: "    per: area\n",
            ["8:13 error: without `{area}` different streams would get the same name"]),
        define(more: "    per: zone\n", ["11:10 error: `match` has no label `zone`"]),
        define(
            more: "  - {stream: \"{area}/calc/{id}\", unit: \"%LEL\", value: value}\n",
            ["11:14 error: the stream `{area}/calc/{id}` is defined twice"]),
        define(
            more: "  - {stream: \"{area}/{id}/{id}\", unit: \"%LEL\", value: value}\n",
            ["11:27 error: the label `{id}` stands twice"]),
        define(
            value: "stream(\"{area}/sum/{id}\")",
            more:
                "  - {stream: \"{area}/sum/{id}\", unit: \"%LEL\", value: 'stream(\"{area}/calc/{id}\")'}\n",
            [
                "8:13 error: calculated streams are computed from each other in a circle: "
                    + "`{area}/calc/{id}` from `{area}/sum/{id}` from `{area}/calc/{id}`"
            ]),
        define(
            stream: "\"{area}/calc\"", value: "max_of(value, of=\"{area}/+\")",
            more: "    per: area\n",
            [
                "8:13 error: the stream `{area}/calc` is computed from itself",
                "10:30 warning: no stream of this pack fits `of`: the group has no members",
            ]),
        WrongPack(
            "ladder:", "define: {a: 1}\nladder:",
            ["7:9 error: `define` must be a list, found a mapping"]),
        WrongPack(
            "ladder:", "define: [{}]\nladder:",
            [
                "7:10 error: an entry of `define` needs `stream`",
                "7:10 error: an entry of `define` needs `unit`",
                "7:10 error: an entry of `define` needs `value`",
            ]),
        WrongPack(
            "match: \"{area}/lel/{id}\"",
            "match: \"{area}/lel/+\"\ndefine: [{stream: \"{area}/calc\", unit: \"%LEL\", value: value}]",
            [
                "3:19 error: `match` has levels without a name: different streams would get the same name"
            ]),
    ]
}
