// Wrong packs and what is found: `line:column severity: message`. Each is the sound pack of
// `WrongPack` with one text replaced by another.

extension WrongPack {
    /// The keys of a pack.
    static let keys: [WrongPack] = [
        WrongPack(
            "pack: hazchem/gas",
            "about: no name",
            [
                "1:1 error: a pack needs a name"
            ]),
        WrongPack(
            "pack: hazchem/gas",
            "pakc: hazchem/gas",
            [
                "1:1 error: a pack needs a name"
            ]),
        WrongPack(
            "pack: hazchem/gas",
            "pack: hazchem//gas",
            [
                "1:7 error: a pack's name has parts joined by `/`, none empty, without blanks"
            ]),
        WrongPack(
            "pack: hazchem/gas",
            "pack: [a, b]",
            [
                "1:7 error: `pack` must be text, found a list"
            ]),
        WrongPack(
            "span: [0, 100]",
            "spam: [0, 100]",
            [
                "4:1 error: unknown key `spam` in a pack"
            ]),
        WrongPack(
            "span: [0, 100]",
            "span: [100, 0]",
            [
                "4:7 error: the lower end of `span` must be below the upper end"
            ]),
        WrongPack(
            "span: [0, 100]",
            "span: 100",
            [
                "4:7 error: `span` must be a lower and an upper end, found `100`"
            ]),
        WrongPack(
            "span: [0, 100]",
            "span: [0, 100 ppm]",
            [
                "4:15 error: `span` is in ppm, the pack in %LEL: the gas is not stated"
            ]),
        WrongPack(
            "span: [0, 100]",
            "span: [0, 50 % of span]",
            [
                "4:11 error: `span` cannot be a share of the span"
            ]),
        WrongPack(
            "span: [0, 100]",
            "fault: [a, 100]",
            [
                "4:9 error: expected a number, with its unit if it has one"
            ]),
        WrongPack(
            "match: \"{area}/lel/{id}\"",
            "about: x",
            [
                "1:7 error: the pack needs `match:`: the streams it is for"
            ]),
        WrongPack(
            "match: \"{area}/lel/{id}\"",
            "match: \"{area}/lel/{area}\"",
            [
                "2:20 error: the label `{area}` stands twice"
            ]),
        WrongPack(
            "match: \"{area}/lel/{id}\"",
            "match: \"{area}/#/{id}\"",
            [
                "2:16 error: `#` must be the last level"
            ]),
        WrongPack(
            "match: \"{area}/lel/{id}\"",
            "match: \"区/l+l/{id}\"",
            [
                "2:11 error: `+` and `#` stand for whole levels"
            ]),
        WrongPack(
            "match: \"{area}/lel/{id}\"",
            "match: \"{area/lel\"",
            [
                "2:9 error: a label in braces must be a whole level"
            ]),
        WrongPack(
            "match: \"{area}/lel/{id}\"",
            "match: \"{}/lel\"",
            [
                "2:9 error: the label in braces has no name"
            ]),
        WrongPack(
            "match: \"{area}/lel/{id}\"",
            "match: {area}",
            [
                "2:8 error: `match` must be text, found a mapping"
            ]),
        WrongPack(
            "unit: \"%LEL\"",
            "unit: ppn",
            [
                "3:7 error: unknown unit `ppn`"
            ]),
        WrongPack(
            "unit: \"%LEL\"",
            "unit: \"%LEL\"\ngas: NH33",
            [
                "4:6 error: unknown gas `NH33`"
            ]),
        WrongPack(
            "unit: \"%LEL\"",
            "unit: \"%LEL\"\nlel: 5",
            [
                "4:1 error: `lel` needs `gas:` or `molar_mass:` beside it"
            ]),
        WrongPack(
            "unit: \"%LEL\"",
            "unit: \"%LEL\"\nscale: site-risk-5",
            [
                "4:8 error: unknown scale `site-risk-5`"
            ]),
        WrongPack(
            "unit: \"%LEL\"",
            "unit: \"%LEL\"\nreference: {temperature: 300 °C}",
            [
                "4:26 error: `temperature` must be between -90 and 200 °C"
            ]),
        WrongPack(
            "unit: \"%LEL\"",
            "unit: \"%LEL\"\nreference: {preasure: 100 kPa}",
            [
                "4:13 error: unknown key `preasure` in `reference`"
            ]),
        WrongPack(
            "unit: \"%LEL\"",
            "unit: \"%LEL\"\nevery: often",
            [
                "4:8 error: `every` must be a duration, found `often`"
            ]),
        WrongPack(
            "unit: \"%LEL\"",
            "unit: \"%LEL\"\nevery: 1s\nheartbeat: 60s",
            [
                "5:1 error: `heartbeat` belongs to `every: on-change`"
            ]),
        WrongPack(
            "unit: \"%LEL\"",
            "unit: \"%LEL\"\nevery: 0s",
            [
                "4:8 error: `every` must be between 1ms and 366d"
            ]),
        WrongPack(
            "unit: \"%LEL\"",
            "unit: \"%LEL\"\nstale_after: -1s",
            [
                "4:14 error: `stale_after` must be a duration, found `-1s`"
            ]),
        WrongPack(
            "unit: \"%LEL\"",
            "unit: \"%LEL\"\ndefine: {a: 1}",
            [
                "4:9 error: `define` must be a list, found a mapping"
            ]),
        WrongPack(
            "unit: \"%LEL\"",
            "unit: \"%LEL\"\nstates: {on: [1], off: [0]}",
            [
                "4:1 error: a pack has `unit` or `states`, not both"
            ]),
        WrongPack(
            "unit: \"%LEL\"",
            "unit: \"%LEL\"\ntrouble: {priority: urgent}",
            [
                "4:21 error: `urgent` is no valid priority"
            ]),
        WrongPack(
            "unit: \"%LEL\"",
            "unit: \"%LEL\"\ntrouble: {on-delay: 5s}",
            [
                "4:11 error: unknown key `on-delay` in `trouble`"
            ]),
        WrongPack(
            "unit: \"%LEL\"",
            "unit: \"%LEL\"\nextends: hazchem/gaz",
            [
                "4:10 error: no pack is called `hazchem/gaz`"
            ]),
    ]
}
