// Wrong packs and what is found: `line:column severity: message`. Each is the sound pack of
// `WrongPack` with one text replaced by another.

extension WrongPack {
    /// Conditions.
    static let conditions: [WrongPack] = [
        WrongPack(
            "ladder:",
            "alarms:\n  - {name: a, class: early-warning, action: x}\nladder:",
            [
                "8:5 error: an alarm needs `when`"
            ]),
        WrongPack(
            "ladder:",
            "alarms:\n  - {name: a, class: early-warning, when: value >= limit.HHH}\nladder:",
            [
                "8:58 error: the pack has no limit `HHH`"
            ]),
        WrongPack(
            "ladder:",
            "alarms:\n  - {name: a, class: early-warning, when: value >= limits.H}\nladder:",
            [
                "8:52 error: only `limit` has names behind a dot, `limits` has none"
            ]),
        WrongPack(
            "ladder:",
            "alarms:\n  - {name: a, class: early-warning, when: value >= 3 bar}\nladder:",
            [
                "8:52 error: cannot compare fraction of the lower explosive"
                    + " limit (%LEL) with pressure (bar)"
            ]),
        WrongPack(
            "ladder:",
            "alarms:\n  - {name: a, class: early-warning, when: value >= 3 and}\nladder:",
            [
                "8:56 error: expected a value, found the end"
            ]),
        WrongPack(
            "ladder:",
            "alarms:\n  - {name: a, class: early-warning, when: valu >= limit.H}\nladder:",
            [
                "8:43 error: unknown name `valu`"
            ]),
        WrongPack(
            "ladder:",
            "alarms:\n  - {name: a, class: early-warning, when: value is running}\nladder:",
            [
                "8:52 error: `is` tests states, but `value` is fraction of the"
                    + " lower explosive limit (%LEL)"
            ]),
        WrongPack(
            "ladder:",
            "alarms:\n  - {name: a, class: early-warning, when:"
                + " 'stream(\"{are}/fan\") is running'}\nladder:",
            [
                "8:53 error: unknown label `{are}`"
            ]),
        WrongPack(
            "ladder:",
            "alarms:\n  - {name: a, class: early-warning, when:"
                + " 'stream(\"{area}/fan\") > 3'}\nladder:",
            [
                "8:52 error: no pack matches the stream `{area}/fan`: its unit"
                    + " or states are unknown"
            ]),
        WrongPack(
            "ladder:",
            "alarms:\n  - {name: a, class: early-warning, when: mean(5) > limit.H}\nladder:",
            [
                "8:48 error: `over` of `mean` is a duration"
            ]),
        WrongPack(
            "ladder:",
            "alarms:\n  - {name: a, class: early-warning, when: 'votes(value >="
                + " limit.H, of=\"{aera}/lel/+\") >= 2'}\nladder:",
            [
                "8:73 error: unknown label `{aera}`"
            ]),
        WrongPack(
            "ladder:",
            "alarms:\n  - {name: a, class: early-warning, when: value < limit.H < 4}\nladder:",
            [
                "8:59 error: comparisons cannot be chained"
            ]),
        WrongPack(
            "ladder:",
            "alarms:\n  - {name: a, class: early-warning, when: over, deadband: 2 %LEL}\nladder:",
            [
                "8:49 error: the condition of `a` compares no value with a"
                    + " limit: a deadband has no effect"
            ]),
        WrongPack(
            "ladder:",
            "alarms:\n  - {name: a, class: early-warning, when: over,"
                + " clear_when: value}\nladder:",
            [
                "8:61 error: a condition is needed, but `value` is fraction of"
                    + " the lower explosive limit (%LEL)"
            ]),
        WrongPack(
            "ladder:",
            "alarms:\n  - {name: a, class: early-warning, when: value >= 3 ％LEL"
                + " and value ≥ limit.HHH}\nladder:",
            [
                "8:77 error: the pack has no limit `HHH`"
            ]),
        WrongPack(
            "ladder:",
            "alarms:\n  - {name: a, class: early-warning, when: over, supersedes: HHH}\nladder:",
            [
                "8:61 error: the pack has no alarm `HHH`"
            ]),
        WrongPack(
            "ladder:",
            "alarms:\n  - {name: a, class: early-warning, when: over, supersedes: a}\nladder:",
            [
                "8:61 error: `a` cannot supersede itself"
            ]),
        WrongPack(
            "ladder:",
            "alarms:\n  - {name: a, class: early-warning, when: over, priority:"
                + " critical}\nladder:",
            [
                "8:49 warning: the early warning `a` is set to `medium`, below the pack's alarms"
            ]),
        WrongPack(
            "ladder:",
            "alarms:\n  - {name: a, class: early-warning, when: value >="
                + " limit.H, deadband: 0}\nladder:",
            [
                "8:43 warning: `a` has no deadband: it will chatter around its limit"
            ]),
        WrongPack(
            "ladder:",
            "alarms:\n  - {name: a, class: early-warning, when: over, confirm: 5m}\nladder:",
            [
                "8:49 error: `confirm` is not available in this version"
            ]),
        WrongPack(
            "ladder:",
            "alarms:\n  - {name: a, class: early-warning, when: over,"
                + " respond_within: 0s}\nladder:",
            [
                "8:65 error: `respond_within` must be between 1s and 7d"
            ]),
    ]
}
