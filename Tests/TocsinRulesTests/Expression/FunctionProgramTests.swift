import Testing
import TocsinEngine
import TocsinModel

@testable import TocsinRules

@Suite("Functions: the programs they become")
struct FunctionProgramTests {
    /// A pack with one rule for each condition, all of class early warning.
    static func pack(_ conditions: [String], deadband: String = "2 ppm") throws -> Pack {
        var text = """
            pack: t/gas
            match: "{area}/gas/{id}"
            unit: ppm
            gas: NH3
            span: [0, 100]
            every: 1s
            limits: {H: 25, HH: 50}
            defaults: {deadband: \(deadband), class: early-warning}
            alarms:

            """
        for (number, condition) in conditions.enumerated() {
            text += "  - {name: a\(number), when: '\(condition)'}\n"
        }
        let probe = PackProbe(text)
        #expect(probe.errors == [])
        return try #require(probe.pack("t/gas"))
    }

    static func rule(_ condition: String) throws -> (pack: Pack, rule: Rule, code: [Instruction]) {
        let pack = try pack([condition])
        let rule = try #require(pack.rules.first)
        return (pack, rule, try #require(rule.condition).instructions)
    }

    static func window(
        _ extent: WindowDefinition.Extent, _ family: WindowDefinition.Family
    ) -> WindowDefinition {
        WindowDefinition(extent: extent, family: family)
    }

    static let minutes5 = WindowDefinition.Extent.time(.seconds(300))

    @Test(
        "Each function over a window asks one window of its family",
        arguments: [
            ("mean(5m) > 5", WindowDefinition.Family.moments, WindowFunction.mean),
            ("stddev(5m) > 5", .moments, .stddev), ("count(5m) > 5", .moments, .count),
            ("min(5m) > 5", .extremes, .least), ("max(5m) > 5", .extremes, .greatest),
            ("median(5m) > 5", .ranks(share: 0.5), .quantile),
            ("quantile(0.95, 5m) > 5", .ranks(share: 0.95), .quantile),
            ("delta(5m) > 5", .ends, .delta), ("rate(5m) > 300 ppm/min", .ends, .rate),
            ("changes(5m) > 5", .changes, .changes),
            ("slope(5m) > 5 ppm/s", .line, .slope),
            ("slope_significance(5m) > 5", .line, .significance),
            ("twa(5m) > 5", .exposure, .twa), ("dose(5m) > 5 ppm·s", .exposure, .dose),
            ("ewma(5m) > 5", .average(lambda: 0.2), .ewma),
            ("ewma(5m, lambda=0.5) > 5", .average(lambda: 0.5), .ewma),
            ("zscore(5m) > 5", .score, .zscore),
            ("cusum(5m) > 5", .cusum(allowance: 0.5, decision: 5), .cusum),
            ("cusum(5m, h=4, k=1) > 5", .cusum(allowance: 1, decision: 4), .cusum),
        ])
    func windows(
        when: String, family: WindowDefinition.Family, function: WindowFunction
    ) throws {
        let (pack, _, code) = try Self.rule(when)
        #expect(pack.windows == [Self.window(Self.minutes5, family)])
        #expect(code.prefix(2) == [.window(0, function), .constant(5)])
        #expect(code.count == 3)
    }

    @Test("Forecast, time_to, flat and during become their instructions")
    func others() throws {
        let forecast = try Self.rule("forecast(value, over=5m, ahead=10m) >= limit.H")
        #expect(
            forecast.code == [
                .forecast(0, aheadMilliseconds: 600_000), .limit(0),
                .compare(.greaterOrEqual, subject: .expression, memory: 0),
            ])
        #expect(forecast.pack.windows == [Self.window(Self.minutes5, .line)])
        let time = try Self.rule("time_to(limit.HH, count=30) < 10m")
        #expect(
            time.code == [
                .limit(1), .timeTo(0), .constant(600_000),
                .compare(.less, subject: .expression, memory: Program.noMemory),
            ])
        #expect(time.rule.condition?.stackDepth == 2)
        #expect(time.pack.windows == [Self.window(.count(30), .line)])
        let flat = try Self.rule("flat(5m, within=0.5) or flat(count=9)")
        #expect(flat.code == [.constant(0.5), .flat(0), .constant(0), .flat(1), .or])
        #expect(flat.rule.condition?.stackDepth == 2)
        let during = try Self.rule("during(\"sat,sun 22:00-06:00\") and value > 5")
        #expect(during.code.first == .during(0))
        #expect(during.pack.schedules == [Schedule(days: 0b110_0000, from: 1320, to: 360)])
    }

    @Test("Functions of numbers become one instruction each")
    func numbers() throws {
        let rows: [(String, [Instruction])] = [
            ("abs(value - 5) > 3", [.value, .constant(5), .subtract, .absolute]),
            ("sqrt(value / limit.H) > 3", [.value, .limit(0), .divide, .squareRoot]),
            ("ln(value / limit.H) > 3", [.value, .limit(0), .divide, .logarithm]),
            ("exp(value / limit.H) > 3", [.value, .limit(0), .divide, .exponential]),
            ("lesser(value, 9) > 3", [.value, .constant(9), .lesser]),
            ("greater(value, limit.H) > 3", [.value, .limit(0), .greater]),
            ("number(value, \"ppb\") > 3", [.value, .constant(1000), .multiply]),
        ]
        for (when, wanted) in rows {
            let code = try Self.rule(when).code
            #expect(Array(code.prefix(wanted.count)) == wanted, "\(when)")
            #expect(code.count == wanted.count + 2, "\(when)")
        }
    }

    @Test("The dew point is that of the Magnus formula")
    func dewPoint() throws {
        let text = """
            pack: t/air
            match: "{room}/air/{id}"
            unit: "°C"
            every: 1s
            alarms:
              - name: wet
                class: early-warning
                when: value < dew_point(20 °C, 50 %)
                deadband: 1 K
            """
        let probe = PackProbe(text)
        #expect(probe.findings == [])
        let code = try #require(probe.rule("t/air/wet")?.condition?.instructions)
        // 20 °C at 50 %: 9.26 °C.
        var stack: [Double] = []
        for instruction in code.dropFirst().dropLast() {
            switch instruction {
            case .constant(let number): stack.append(number)
            case .logarithm: stack.append(PortableMath.logarithm(stack.removeLast()))
            case .add, .subtract, .divide:
                let b = stack.removeLast()
                let a = stack.removeLast()
                stack.append(instruction == .add ? a + b : instruction == .subtract ? a - b : a / b)
            default: Issue.record("\(instruction) in a dew point")
            }
        }
        #expect(stack.count == 1 && abs(stack[0] - 9.26) < 0.01, "\(stack)")
    }

    @Test("What several rules ask stands once in the pack")
    func shared() throws {
        let pack = try Self.pack([
            "mean(5m) > 5", "mean(5m) > 3 * stddev(5m)", "mean(1m) > 5", "max(5m) - min(5m) < 3",
            "flat(5m)", "slope(5m) > 1 ppm/min and forecast(value, over=5m, ahead=1m) > 5",
        ])
        #expect(
            pack.windows == [
                Self.window(Self.minutes5, .moments),
                Self.window(.time(.seconds(60)), .moments),
                Self.window(Self.minutes5, .extremes), Self.window(Self.minutes5, .line),
            ])
    }

    // MARK: Groups

    @Test("A vote compared with a number is one instruction, from either side")
    func votes() throws {
        let vote = "votes(value >= limit.H, of=\"{area}/gas/+\")"
        for when in ["\(vote) >= 2", "2 <= \(vote)"] {
            let (pack, rule, code) = try Self.rule(when)
            #expect(code == [.votes(0, .greaterOrEqual, 2)])
            #expect(rule.condition?.stackDepth == 1)
            let group = try #require(pack.groups.first)
            #expect(pack.groups.count == 1 && group.isCondition)
            #expect(group.pattern == (try StreamPattern("{area}/gas/+")))
            #expect(
                group.member.instructions == [
                    .value, .limit(0), .compare(.greaterOrEqual, subject: .ownValue, memory: 0),
                ])
            #expect(group.deadbands == [.number(2, unit: nil)])
            #expect(group.text == "value >= limit.H")
            #expect(rule.direction == .high && rule.deadbands.isEmpty && rule.limit == nil)
        }
        let sum = try Self.rule("\(vote) + count_of(over, of=\"{area}/gas/+\") >= 3")
        #expect(
            sum.code == [
                .group(0, .count), .group(1, .count), .add, .constant(3),
                .compare(.greaterOrEqual, subject: .expression, memory: Program.noMemory),
            ])
        let moving = try Self.rule("\(vote) > count_of(over, of=\"{area}/gas/+\")")
        #expect(moving.code.first == .group(0, .count), "two groups are no vote with a number")
    }

    @Test("any, all, count_of and the numbers of a group become their instructions")
    func groups() throws {
        let of = ", of=\"{area}/gas/#\")"
        let rows: [(String, [Instruction], Bool)] = [
            ("any(over\(of)", [.group(0, .any)], true),
            ("all(quality is good\(of)", [.group(0, .all)], true),
            ("count_of(mean(1m) > 5\(of) >= 2", [.group(0, .count), .constant(2)], true),
            ("min_of(value\(of) < 5", [.group(0, .least), .constant(5)], false),
            ("max_of(mean(1m)\(of) > 5", [.group(0, .greatest), .constant(5)], false),
            ("value - mean_of(value\(of) > 5", [.value, .group(0, .mean), .subtract], false),
        ]
        for (when, wanted, isCondition) in rows {
            let (pack, _, code) = try Self.rule(when)
            #expect(Array(code.prefix(wanted.count)) == wanted, "\(when)")
            #expect(pack.groups.map(\.isCondition) == [isCondition], "\(when)")
        }
        // A member's window is one of the pack's.
        let pack = try Self.pack(["mean(1m) > 5", "any(mean(1m) > 5\(of)", "any(mean(1m) > 5\(of)"])
        #expect(pack.windows.count == 1 && pack.groups.count == 1)
    }

    @Test("A member's streams are the group's, not the rule's")
    func references() throws {
        let text = """
            pack: t/fan
            match: "{area}/fan/{id}"
            states: {running: [1], stopped: [0]}
            every: 1s
            alarms:
              - name: off
                class: early-warning
                when: any(value is stopped and stream("{area}/dust") > 5 mg/m3, of="{area}/fan/+")
            ---
            pack: t/dust
            match: "{area}/dust"
            unit: mg/m3
            every: 1s
            alarms:
              - {name: h, class: early-warning, when: value > 5, deadband: 1}
            """
        let probe = PackProbe(text)
        #expect(probe.findings == [])
        let pack = try #require(probe.pack("t/fan"))
        #expect(pack.rules[0].references == [])
        #expect(pack.groups.first?.references.map(\.pattern.text) == ["{area}/dust"])
        #expect(
            pack.groups.first?.member.instructions == [
                .stateIs(mask: 0b10, heldMilliseconds: 0), .reference(0), .constant(5),
                .compare(.greater, subject: .reference(0), memory: Program.noMemory), .and,
            ])
    }

    // MARK: What rules say of themselves

    @Test("Windows in the value's own unit have a deadband; spreads and rates have none")
    func deadbands() throws {
        let rows: [(String, Bool)] = [
            ("mean(5m) >= limit.H", true), ("min(5m) <= 5", true), ("max(5m) >= 5", true),
            ("median(5m) >= 5", true), ("quantile(0.9, 5m) >= 5", true), ("twa(8h) >= 5", true),
            ("ewma(5m) >= 5", true), ("forecast(value, over=5m, ahead=9m) >= limit.H", true),
            ("max_of(value, of=\"{area}/gas/+\") >= limit.H", true),
            ("stddev(5m) >= 5", false), ("delta(5m) >= 5", false),
            ("slope(5m) >= 5 ppm/min", false), ("dose(5m) >= 5 ppm·h", false),
            ("count(5m) >= 5", false), ("zscore(5m) >= 5", false),
            ("time_to(limit.H, over=5m) <= 5m", false), ("mean(5m) == 5", false),
            ("mean(5m) >= mean(8h)", false),
        ]
        for (when, has) in rows {
            let rule = try Self.rule(when).rule
            #expect(rule.deadbands == (has ? [.number(2, unit: nil)] : []), "\(when)")
        }
    }

    @Test("The direction of an alarm comes from windows and members too")
    func directions() throws {
        let rows: [(String, Direction?)] = [
            ("mean(5m) >= limit.H", .high), ("limit.H <= max(5m)", .high),
            ("min(5m) < 5", .low), ("slope(5m) > 1 ppm/min", .high), ("delta(5m) < -5", .low),
            ("forecast(value, over=5m, ahead=9m) >= limit.H", .high),
            ("value - mean(1h) > 5", .high), ("value < mean(1h) - 3 * stddev(1h)", .low),
            ("stddev(5m) > 3", nil), ("count(5m) < 3", nil),
            ("votes(value <= 5, of=\"{area}/gas/+\") >= 2", .low),
            ("any(mean(5m) >= limit.H, of=\"{area}/gas/+\")", .high),
            ("min_of(value, of=\"{area}/gas/+\") < 5", .low), ("flat(5m)", nil),
        ]
        for (when, wanted) in rows {
            #expect(try Self.rule(when).rule.direction == wanted, "\(when)")
        }
        let about = try Self.rule("forecast(value, over=5m, ahead=9m) >= limit.HH").rule
        #expect(about.limit == 1)
    }

    @Test("Only the newest sample itself is `over`: its windows are not")
    func over() throws {
        for when in ["mean(5m) >= limit.H", "forecast(value, over=5m, ahead=9m) >= limit.H"] {
            #expect(
                try Self.rule(when).code.last
                    == .compare(.greaterOrEqual, subject: .expression, memory: 0))
        }
    }

    @Test("A rule's meaning changes with every parameter of its functions")
    func meanings() throws {
        let pack = try Self.pack([
            "ewma(5m) > 5", "ewma(5m, lambda=0.3) > 5", "ewma(6m) > 5", "ewma(count=5) > 5",
            "any(over, of=\"{area}/gas/+\")", "any(over, of=\"{area}/gas/#\")",
            "any(under, of=\"{area}/gas/+\")", "forecast(value, over=5m, ahead=1m) > 5",
            "forecast(value, over=5m, ahead=2m) > 5", "during(\"08:00-18:00\")",
            "during(\"08:00-19:00\")",
        ])
        let meanings = pack.rules.filter { $0.trigger == .condition }.map(\.meaning)
        #expect(meanings.count == 11 && Set(meanings).count == 11)
    }

    @Test("Every instruction has the text it was compiled from")
    func texts() throws {
        let text = "(mean(5m) + 2) * 3 >= limit.H and not (over or 0.03 mg/m3 > value)"
        let (_, rule, code) = try Self.rule(text)
        let program = try #require(rule.condition)
        #expect(program.texts.count == code.count)
        #expect(
            program.texts == [
                "mean(5m)", "2", "mean(5m) + 2", "3", "(mean(5m) + 2) * 3", "limit.H",
                "(mean(5m) + 2) * 3 >= limit.H", "over", "value", "0.03 mg/m3",
                "0.03 mg/m3 > value", "over or 0.03 mg/m3 > value",
                "not (over or 0.03 mg/m3 > value)", text,
            ])
        let vote = "votes(value >= limit.H, of=\"{area}/gas/+\") >= 2"
        let group = try Self.rule(vote)
        #expect(group.rule.condition?.texts == [vote])
        #expect(group.pack.groups[0].member.texts == ["value", "limit.H", "value >= limit.H"])
    }
}
