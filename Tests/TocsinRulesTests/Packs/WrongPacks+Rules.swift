// Wrong packs and what is found: `line:column severity: message`. Each is the sound pack of
// `WrongPack` with one text replaced by another.

extension WrongPack {
    /// Rules.
    static let rules: [WrongPack] = [
        WrongPack(
            "  H: {priority: high, action: Go}",
            "  H: {priority: high}",
            [
                "9:3 error: the alarm `H` needs `action:`"
            ]),
        WrongPack(
            "  H: {priority: high, action: Go}",
            "  H: {action: Go}",
            [
                "9:3 error: the alarm `H` needs `priority:`"
            ]),
        WrongPack(
            "  H: {priority: high, action: Go}",
            "  H: {priority: hihg, action: Go}",
            [
                "9:17 error: `hihg` is no valid priority"
            ]),
        WrongPack(
            "  H: {priority: high, action: Go}",
            "  H: {priority: high, action: Go, level: red}",
            [
                "9:42 error: `level` needs the pack's `scale:`"
            ]),
        WrongPack(
            "  H: {priority: high, action: Go}",
            "  H: {priority: high, action: Go, on_delay: 6s}",
            [
                "9:35 error: `H` waits 6s: alarms of gas must not wait longer than 5s"
            ]),
        WrongPack(
            "  H: {priority: high, action: Go}",
            "  H: {priority: high, action: Go, on_delay: soon}",
            [
                "9:45 error: `on_delay` must be a duration, found `soon`"
            ]),
        WrongPack(
            "  H: {priority: high, action: Go}",
            "  H: {priority: high, action: Go, per: area}",
            [
                "9:35 error: a step of `ladder` has no `per`"
            ]),
        WrongPack(
            "  H: {priority: high, action: Go}",
            "  H: {priority: high, action: Go, acton: Go}",
            [
                "9:35 error: unknown key `acton` in a step of `ladder`"
            ]),
        WrongPack(
            "  H: {priority: high, action: Go}",
            "  H: {priority: high, action: Go, class: alert}",
            [
                "9:42 error: `alert` is no valid class"
            ]),
        WrongPack(
            "  H: {priority: high, action: Go}",
            "  high: {priority: high, action: Go}",
            [
                "9:3 error: `high` is no step of a ladder"
            ]),
        WrongPack(
            "  H: {priority: high, action: Go}",
            "  H: high",
            [
                "9:6 error: a step of `ladder` must be a mapping of keys, found `high`"
            ]),
        WrongPack(
            "ladder:",
            "alarms: none\nladder:",
            [
                "7:9 error: `alarms` must be a list, found `none`"
            ]),
        WrongPack(
            "ladder:",
            "alarms:\n  - {class: early-warning, when: over}\nladder:",
            [
                "8:5 error: an alarm needs `name`"
            ]),
        WrongPack(
            "ladder:",
            "alarms:\n  - {name: H, class: early-warning, when: over}\nladder:",
            [
                "8:12 error: the rule `H` is defined twice"
            ]),
        WrongPack(
            "ladder:",
            "alarms:\n  - {name: stale, class: early-warning, when: over}\nladder:",
            [
                "8:12 error: `stale` is the name of a built-in trouble rule"
            ]),
        WrongPack(
            "ladder:",
            "alarms:\n  - {name: a b, class: early-warning, when: over}\nladder:",
            [
                "8:12 error: an alarm's name has no blanks and no `/`"
            ]),
        WrongPack(
            "ladder:",
            "disable:\n  - {alarm: rising, reason: x}\nladder:",
            [
                "8:13 error: the pack has no alarm `rising`"
            ]),
        WrongPack(
            "ladder:",
            "disable:\n  - {alarm: H}\nladder:",
            [
                "8:5 error: an entry of `disable` needs `reason`"
            ]),
        WrongPack(
            "ladder:",
            "disable:\n  - {alarm: H, reason: x, until: 2026-02-30}\nladder:",
            [
                "8:34 error: `2026-02-30` is no date"
            ]),
        WrongPack(
            "ladder:",
            "disable:\n  - {alarm: H, reason: x, until: 2025-01-01}\nladder:",
            [
                "8:34 warning: `H` was disabled until 2025-01-01 and is in force again"
            ]),
    ]
}
