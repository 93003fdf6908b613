// Wrong packs and what is found: `line:column severity: message`. Each is the sound pack of
// `WrongPack` with one text replaced by another.

extension WrongPack {
    /// States.
    static let states: [WrongPack] = [
        WrongPack(
            "value is stopped",
            "value is stoped",
            [
                "5:33 error: `value` has no state `stoped`"
            ]),
        WrongPack(
            "value is stopped",
            "value >= 1",
            [
                "5:24 error: `value` is a state: `>=` compares numbers"
            ]),
        WrongPack(
            "value is stopped",
            "value == stopped",
            [
                "5:24 error: states are tested with `is`"
            ]),
        WrongPack(
            "action: Go",
            "action: Go, deadband: 2",
            [
                "5:70 error: states have no deadband"
            ]),
        WrongPack(
            "alarms:",
            "defaults: {deadband: 2}\nalarms:",
            [
                "4:12 error: states have no deadband"
            ]),
        WrongPack(
            "alarms:",
            "limits: {H: 3}\nalarms:",
            [
                "4:1 error: states have no limits"
            ]),
        WrongPack(
            "alarms:",
            "ladder: {H: {}}\nalarms:",
            [
                "4:9 error: a ladder needs a measured value; this pack has states"
            ]),
        WrongPack(
            "[0, STOP]",
            "[0, run]",
            [
                "3:42 error: `run` already stands for the state `running`"
            ]),
        WrongPack(
            "[0, STOP]",
            "[]",
            [
                "3:29 error: the state `stopped` has no values"
            ]),
        WrongPack(
            "[0, STOP]",
            "[1.0]",
            [
                "3:39 error: `1.0` already stands for the state `running`"
            ]),
        WrongPack(
            "states: {running: [1, RUN], stopped: [0, STOP]}",
            "states: [running]",
            [
                "3:9 error: `states` must name each state and its values, found a list",
                "5:33 error: `is` tests states, but `value` is a number of unknown unit",
            ]),
    ]
}
