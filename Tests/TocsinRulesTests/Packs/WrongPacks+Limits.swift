// Wrong packs and what is found: `line:column severity: message`. Each is the sound pack of
// `WrongPack` with one text replaced by another.

extension WrongPack {
    /// Limits and defaults.
    static let limits: [WrongPack] = [
        WrongPack(
            "limits: {H: 25 %LEL, HH: 50 %LEL}",
            "limits: {H: 50 %LEL, HH: 25 %LEL}",
            [
                "5:26 error: `HH` must be above `H`: 25 is not above 50"
            ]),
        WrongPack(
            "limits: {H: 25 %LEL, HH: 50 %LEL}",
            "limits: {L: 30, H: 25 %LEL, HH: 50 %LEL}",
            [
                "5:20 error: `H` must be above `L`: 25 is not above 30"
            ]),
        WrongPack(
            "limits: {H: 25 %LEL, HH: 50 %LEL}",
            "limits: {H: 25 MPa, HH: 50 %LEL}",
            [
                "5:16 error: `H` is in MPa, the pack in %LEL: a pressure is no"
                    + " fraction of the lower explosive limit"
            ]),
        WrongPack(
            "limits: {H: 25 %LEL, HH: 50 %LEL}",
            "limits: {H: 25 %, HH: 50 %LEL}",
            [
                "5:16 error: `H` is in %, the pack in %LEL: a percentage is no"
                    + " fraction of the lower explosive limit"
            ]),
        WrongPack(
            "limits: {H: 25 %LEL, HH: 50 %LEL}",
            "limits: {H: 25 %LLE, HH: 50 %LEL}",
            [
                "5:16 error: unknown unit `%LLE`"
            ]),
        WrongPack(
            "limits: {H: 25 %LEL, HH: 50 %LEL}",
            "limits: {H: 250 ppm, HH: 50 %LEL}",
            [
                "5:17 error: `H` is in ppm, the pack in %LEL: the gas is not stated"
            ]),
        WrongPack(
            "limits: {H: 25 %LEL, HH: 50 %LEL}",
            "limits: {H: high, HH: 50 %LEL}",
            [
                "5:13 error: expected a number, with its unit if it has one"
            ]),
        WrongPack(
            "limits: {H: 25 %LEL, HH: 50 %LEL}",
            "limits: {H: 25 %LEL, HH: 50 %LEL, H-1: 3}",
            [
                "5:35 error: `H-1` cannot name a limit"
            ]),
        WrongPack(
            "limits: {H: 25 %LEL, HH: 50 %LEL}",
            "limits: [25, 50]",
            [
                "5:9 error: `limits` must name each limit, found a list",
                "8:3 error: the step `HH` has no limit of that name",
                "9:3 error: the step `H` has no limit of that name",
            ]),
        WrongPack(
            "limits: {H: 25 %LEL, HH: 50 %LEL}",
            "limits: {H: 25 %LEL, HH: 50 %LEL, H: 3}",
            [
                "5:35 error: `H` stands twice in this mapping"
            ]),
        WrongPack(
            "limits: {H: 25 %LEL, HH: 50 %LEL}",
            "limits: {H: 25 %LEL}",
            [
                "8:3 error: the step `HH` has no limit of that name"
            ]),
        WrongPack(
            "limits: {H: 25 %LEL, HH: 50 %LEL}",
            "limits: {H: 25 %LEL, HH: 150 %LEL}",
            [
                "5:26 warning: `HH` lies beyond the span: 150 is not within 0 … 100"
            ]),
        WrongPack(
            "deadband: 2 %LEL",
            "deadband: 2 %",
            [
                "6:24 error: the deadband is in %, the pack in %LEL: a"
                    + " percentage is no fraction of the lower explosive limit"
            ]),
        WrongPack(
            "deadband: 2 %LEL",
            "deadband: -2 %LEL",
            [
                "6:22 error: a deadband is a width: it cannot be negative"
            ]),
        WrongPack(
            "deadband: 2 %LEL",
            "deadband: {HHH: 2}",
            [
                "6:23 error: the pack has no limit `HHH`"
            ]),
        WrongPack(
            "deadband: 2 %LEL",
            "deadband: 0",
            [
                "8:3 warning: `HH` has no deadband: it will chatter around its limit",
                "9:3 warning: `H` has no deadband: it will chatter around its limit",
            ]),
        WrongPack(
            "deadband: 2 %LEL",
            "latch: perhaps",
            [
                "6:19 error: `latch` must be true or false, found `perhaps`",
                "8:3 warning: `HH` has no deadband: it will chatter around its limit",
                "9:3 warning: `H` has no deadband: it will chatter around its limit",
            ]),
        WrongPack(
            "deadband: 2 %LEL",
            "deadband: 2 %LEL, class: system",
            [
                "6:37 error: `system` is no valid class"
            ]),
        WrongPack(
            "deadband: 2 %LEL",
            "deadband: 2 %LEL, on_delay: 10s",
            [
                "8:3 error: `HH` waits 10s: alarms of gas must not wait longer than 5s",
                "9:3 error: `H` waits 10s: alarms of gas must not wait longer than 5s",
            ]),
        WrongPack(
            "deadband: 2 %LEL",
            "deadband: 2 %LEL, action: Go",
            [
                "6:30 error: unknown key `action` in `defaults`"
            ]),
    ]
}
