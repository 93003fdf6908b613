// Wrong packs: n-of-m, minimum hold, re-alarm, schedules and suppression by design.

extension WrongPack {
    private static func step(_ keys: String, _ findings: [String]) -> WrongPack {
        WrongPack("H: {priority: high,", "H: {\(keys), priority: high,", findings)
    }

    static let timing: [WrongPack] = [
        step("n_of_m: 3", ["9:15 error: `n_of_m` must be `N of M`, found `3`"]),
        step("n_of_m: 3/5", ["9:15 error: `n_of_m` must be `N of M`, found `3/5`"]),
        step("n_of_m: 3oo5", ["9:15 error: `n_of_m` must be `N of M`, found `3oo5`"]),
        step("n_of_m: three of 5", ["9:15 error: `n_of_m` must be `N of M`, found `three of 5`"]),
        step("n_of_m: 6 of 5", ["9:15 error: `6 of 5` cannot be: N is from 1 to M, M from 2"]),
        step("n_of_m: 0 of 5", ["9:15 error: `0 of 5` cannot be: N is from 1 to M, M from 2"]),
        step("n_of_m: -1 of 5", ["9:15 error: `-1 of 5` cannot be: N is from 1 to M, M from 2"]),
        step("n_of_m: 1 of 1", ["9:15 error: `1 of 1` cannot be: N is from 1 to M, M from 2"]),
        step("n_of_m: 3 of 65", ["9:15 error: `n_of_m` looks at no more than 64 samples"]),
        step("n_of_m: [3, 5]", ["9:15 error: `n_of_m` must be text, found a list"]),
        step("min_hold: long", ["9:17 error: `min_hold` must be a duration, found `long`"]),
        step("min_hold: 8d", ["9:17 error: `min_hold` must be between 0s and 7d"]),
        step("re_alarm: never", ["9:17 error: `re_alarm` must be a duration, found `never`"]),
        step("re_alarm: 100ms", ["9:17 error: `re_alarm` must be between 1s and 7d"]),
        step("re_alarms: 30m", ["9:7 error: unknown key `re_alarms` in a step of `ladder`"]),
        step("schedule: mon-fir 08:00-18:00", ["9:21 error: `fir` is no day"]),
        step("schedule: 08:00", ["9:21 error: `-` and the end of the time are missing here"]),
        step(
            "schedule: [sat 08:00-12:00, sun 8-12]", ["9:39 error: a time is hours and minutes"]),
        step("schedule: []", ["9:7 error: `schedule` names no time"]),
        step("unless: valve >= 5", ["9:15 error: unknown name `valve`"]),
        step(
            "unless: value",
            [
                "9:15 error: a condition is needed, but `value` is fraction of the lower "
                    + "explosive limit (%LEL)"
            ]),
        step(
            "unless: 'stream(\"{area}/purge\") is running'",
            ["9:24 warning: no loaded pack matches the stream `{area}/purge`"]),
        step("unless: ", ["9:7 error: `unless` has no value"]),
        WrongPack(
            "deadband: 2 %LEL}", "deadband: 2 %LEL, unless: purge}",
            ["6:38 error: unknown name `purge`"]),
        WrongPack(
            "deadband: 2 %LEL}", "deadband: 2 %LEL, schedule: purge}",
            ["6:40 error: `purge` is no day"]),
        WrongPack(
            "deadband: 2 %LEL}", "deadband: 2 %LEL, n_of_m: 3 of 5}",
            ["6:30 error: unknown key `n_of_m` in `defaults`"]),
        WrongPack(
            "H: {priority: high, action: Go}\n",
            "H: {priority: high, action: Go, n_of_m: 3 of 6}\nevery: 1s\n",
            [
                "9:35 error: `H` waits up to 6s for 6 samples: alarms of gas must not wait longer "
                    + "than 5s"
            ]),
    ]
}
