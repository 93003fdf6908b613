// How a proposal is found: by trying. The same engine runs over the same feeds with one value of
// one rule changed, from small to large, until nothing chatters any more.
//
// Alarms of different packs do not influence each other: no rule reads another rule's state. So one
// pass tries one value of each pack at the same time, and the number of passes is that of the pack
// with the most to try, not the sum. Values of one pack are tried one after the other: its rules
// may share a limit, or be levels of one alarm.

package import TocsinEngine
package import TocsinIngest
import TocsinModel
import TocsinRules

/// What `tocsin tune` is asked.
package struct TuneRequest: Sendable {
    package var rules: [String]
    package var feeds: [String]
    package var inventory: String?
    /// A file of golden incidents.
    package var golden: String?
    package var site: Site
    package var options: EngineOptions
    /// How frames are decoded; empty = guessed from the first frame (`DecodeGuess`).
    package var decoders: [TopicDecoder]

    package init(
        rules: [String], feeds: [String], inventory: String? = nil, golden: String? = nil,
        site: Site = Site(id: "tune"), options: EngineOptions = EngineOptions(),
        decoders: [TopicDecoder] = []
    ) {
        self.rules = rules
        self.feeds = feeds
        self.inventory = inventory
        self.golden = golden
        self.site = site
        self.options = options
        self.decoders = decoders
    }
}

/// The core of `tocsin tune`. The same input gives the same report.
package struct TuneRun {
    /// Passes over the feeds: some 26 values for each of ten rules of one pack.
    package static let runsMax = 260
    /// Alarms (a rule on a stream) that are tuned, the most restless first.
    package static let alarmsMax = 200

    private let pass: FeedPass
    private let ruleSet: RuleSet
    private let urgentPacks: Set<String>
    private let texts: TuneTexts
    private let incidents: [GoldenIncident]
    private let baseline: AlarmHistory
    private let lives: RuleLives
    private let caught: [GoldenIncident.Catch?]

    /// Runs to the end; findings about the rules are in the report's `warnings`.
    package static func run(_ request: TuneRequest) throws(ReplayError) -> TuneReport {
        let diagnostics = DiagnosticList()
        var incidents: [GoldenIncident] = []
        if let path = request.golden {
            guard let read = GoldenIncidents.read(path: path, reporting: diagnostics) else {
                throw .rules(diagnostics.rendered)
            }
            incidents = read
        }
        let pass = FeedPass(feeds: request.feeds, decoders: request.decoders)
        let start = try pass.start() ?? Timestamp(milliseconds: 0)
        // The feed's own day decides what is disabled: a report must not depend on today.
        let rules = RulesRequest(
            paths: request.rules, inventory: request.inventory, site: request.site,
            options: request.options, time: start)
        guard let (ruleSet, loaded) = rules.loadWithTexts(reporting: diagnostics) else {
            throw .rules(diagnostics.rendered)
        }
        let tune = TuneRun(pass, ruleSet, loaded, incidents, try pass.run(ruleSet))
        var report = try tune.report()
        report.warnings = diagnostics.rendered
        if request.golden != nil {
            let missed = tune.caught.count { $0 == nil }
            report.golden = (tune.caught.count - missed, missed)
        }
        return report
    }

    private init(
        _ pass: FeedPass, _ ruleSet: RuleSet, _ loaded: LoadedRules,
        _ incidents: [GoldenIncident], _ baseline: AlarmHistory
    ) {
        self.pass = pass
        self.ruleSet = ruleSet
        self.incidents = incidents
        self.baseline = baseline
        urgentPacks = loaded.urgentPacks
        texts = TuneTexts(loaded)
        lives = RuleLives(baseline)
        caught = incidents.map { $0.caught(by: baseline) }
    }

    // MARK: What is restless

    /// A rule on a stream that is to be tuned.
    private struct Target {
        /// Position in the baseline's subjects, and in the subject's rules.
        var subject: Int
        var level: Int
        var binding: Binding
        /// Position in the pack's rules.
        var rule: Int
        var before: RestFigures
        var noise: StreamNoise?
        var outcomes: [TuneKind: TuneProposal] = [:]
    }

    private func targets() -> [Target] {
        var found: [Target] = []
        for (number, subject) in baseline.subjects.enumerated() where subject.mode != .test {
            guard let binding = subject.binding else { continue }
            for (level, name) in subject.rules.enumerated() {
                let figures = RestFigures(lives.bySubject[number][level], end: baseline.end)
                guard figures.isRestless,
                    let rule = binding.pack.rules.firstIndex(where: { $0.name == name.full })
                else { continue }
                found.append(
                    Target(
                        subject: number, level: level, binding: binding, rule: rule,
                        before: figures))
            }
        }
        // Swift's sort is not promised to be stable: the position decides between equals.
        return found.enumerated().sorted { a, b in
            (b.element.before.burst, b.element.before.raises, a.offset)
                < (a.element.before.burst, a.element.before.raises, b.offset)
        }.map(\.element)
    }

    private func report() throws(ReplayError) -> TuneReport {
        var report = TuneReport(start: baseline.start, end: baseline.end)
        report.runs = 1
        let all = targets()
        var targets = Array(all.prefix(TuneRun.alarmsMax))
        report.omitted = all.count - targets.count
        guard !targets.isEmpty else { return report }
        let tap = NoiseTap(ruleSet: ruleSet, history: baseline)
        try pass.measure(ruleSet, tap)
        report.runs += 1
        for number in targets.indices {
            let binding = targets[number].binding
            guard binding.groupLabel == nil else { continue }
            targets[number].noise = tap.noise(of: binding.stream, pack: binding.pack.name)
        }
        try tryAll(&targets, &report)
        report.alarms = targets.map { target in
            let pack = target.binding.pack
            return TunedAlarm(
                rule: pack.rules[target.rule].name, on: target.binding.stream,
                before: target.before, noise: target.noise?.deviation,
                quietSamples: target.noise?.samples ?? 0,
                unit: pack.unit.map { UnitTable.standard[$0].symbol },
                proposals: TuneKind.allCases.compactMap { target.outcomes[$0] })
        }
        return report
    }

    // MARK: Trying

    /// The values of one kind for one rule, tried on all its restless streams at once.
    private struct Task {
        var kind: TuneKind
        var pack: Int
        var rule: Int
        var candidates: [TuneCandidate]
        /// Positions in the targets; those that are settled are taken out.
        var open: [Int]
        var next = 0
    }

    private func tryAll(_ targets: inout [Target], _ report: inout TuneReport) throws(ReplayError) {
        var queues = makeTasks(&targets)
        while queues.contains(where: { !$0.isEmpty }) {
            guard report.runs < TuneRun.runsMax else {
                report.untried = queues.reduce(0) { sum, queue in
                    sum + queue.reduce(0) { $0 + $1.candidates.count - $1.next }
                }
                break
            }
            var changed = ruleSet
            for queue in queues {
                guard let task = queue.first else { continue }
                changed = task.candidates[task.next].applied(
                    to: changed, pack: task.pack, rule: task.rule,
                    bindings: task.open.map { targets[$0].binding })
            }
            let history = try pass.run(changed)
            report.runs += 1
            let trial = Trial(history)
            for queue in queues.indices where !queues[queue].isEmpty {
                judge(&queues[queue][0], trial, &targets)
                if queues[queue][0].open.isEmpty
                    || queues[queue][0].next == queues[queue][0].candidates.count
                {
                    queues[queue].removeFirst()
                }
            }
        }
    }

    /// One queue for each pack; what cannot be tried gets its reason at once.
    private func makeTasks(_ targets: inout [Target]) -> [[Task]] {
        var queues = [[Task]](repeating: [], count: ruleSet.packs.count)
        var isDone = [Bool](repeating: false, count: targets.count)
        for first in targets.indices where !isDone[first] {
            let (pack, rule) = (targets[first].binding.packIndex, targets[first].rule)
            let same = targets.indices.filter {
                targets[$0].binding.packIndex == pack && targets[$0].rule == rule
            }
            for number in same { isDone[number] = true }
            for kind in TuneKind.allCases {
                let (candidates, reason) = candidates(kind, same.map { targets[$0] })
                for number in same {
                    targets[number].outcomes[kind] = TuneProposal(
                        kind: kind, present: present(kind, targets[number]),
                        outcome: .refused(reason))
                }
                guard !candidates.isEmpty else { continue }
                queues[pack].append(
                    Task(kind: kind, pack: pack, rule: rule, candidates: candidates, open: same))
            }
        }
        return queues
    }

    /// The values to try; where there are none, why. With values the reason is what is said of
    /// those that the bound on runs leaves out.
    private func candidates(
        _ kind: TuneKind, _ targets: [Target]
    ) -> (candidates: [TuneCandidate], reason: String) {
        let late = "not tried: more than \(TuneRun.runsMax) runs"
        let binding = targets[0].binding
        let rule = binding.pack.rules[targets[0].rule]
        let noise = targets.compactMap { $0.noise?.deviation }.max()
        switch kind {
        case .deadband:
            guard rule.takesDeadband else {
                return ([], "the condition compares no value with a limit")
            }
            let present = targets.flatMap { $0.binding.deadbands[$0.rule] }.max() ?? 0
            let widths = TuneLadder.deadbands(above: present, noise: noise, span: binding.span)
            let reason = "it is wider than \(JSONMembers.readable(10)) times the noise already"
            return (widths.map { .deadband($0) }, widths.isEmpty ? reason : late)
        case .onDelay:
            let isUrgent = urgentPacks.contains(binding.pack.name) && rule.alarmClass == .alarm
            let delays = TuneLadder.onDelays(
                above: rule.onDelay, max: isUrgent ? LoadedRules.urgentDelayMax : nil)
            let reason =
                isUrgent
                ? "gas, flame and spark wait no longer than \(LoadedRules.urgentDelayMax.text)"
                : "it is a minute or more already"
            return (delays.map { .onDelay($0) }, delays.isEmpty ? reason : late)
        case .limit:
            guard rule.trigger == .condition, let limit = rule.limit, rule.direction != nil,
                binding.groupLabel == nil
            else { return ([], "the alarm is not about one limit") }
            let shifts = TuneLadder.shifts(
                rule, targets.map(\.binding), limit: limit, noise: noise)
            let reason = "no room up to the next limit or the end of the span"
            return (shifts.map { .limit(by: $0) }, shifts.isEmpty ? reason : late)
        }
    }

    // MARK: Judging

    /// A run with changes.
    private struct Trial {
        let history: AlarmHistory
        let lives: RuleLives
        private var numbers: [Identifier: Int] = [:]

        init(_ history: AlarmHistory) {
            self.history = history
            lives = RuleLives(history)
            for (number, subject) in history.subjects.enumerated() where subject.mode != .test {
                numbers[subject.id] = number
            }
        }

        func number(of subject: AlarmSubject) -> Int? { numbers[subject.id] }
    }

    private func judge(_ task: inout Task, _ trial: Trial, _ targets: inout [Target]) {
        let candidate = task.candidates[task.next]
        task.next += 1
        task.open.removeAll { number in
            let target = targets[number]
            let own = trial.number(of: baseline.subjects[target.subject])
            let after = own.map { trial.lives.bySubject[$0][target.level] } ?? []
            let before = lives.bySubject[target.subject][target.level]
            let figures = RestFigures(after, end: trial.history.end)
            let shown = value(candidate, target)
            // An alarm that does not clear any more chatters no more either: that is no remedy.
            let isStuck = figures.isOpen && !target.before.isOpen
            let evidence = TuneTrial(
                value: shown, after: figures,
                delays: EpisodeDelays(before: before, after: after, end: baseline.end),
                isStuck: isStuck)
            let isQuiet = target.before.chatters ? !figures.chatters : figures.fleeting == 0
            guard isQuiet && !isStuck else {
                targets[number].outcomes[task.kind]?.outcome = .insufficient(evidence)
                return false
            }
            if let (incident, delay) = bound(target.subject, trial, own) {
                targets[number].outcomes[task.kind]?.outcome = .bound(
                    evidence, incident: incident, by: delay)
                return true
            }
            targets[number].outcomes[task.kind]?.outcome = .proposed(evidence)
            let (line, place) = texts.line(
                task.kind, value: shown, binding: target.binding, rule: target.rule)
            targets[number].outcomes[task.kind]?.line = line
            targets[number].outcomes[task.kind]?.place = place
            return true
        }
    }

    /// The incident that suffers most when this one alarm is as in the trial; nil where none does.
    private func bound(_ subject: Int, _ trial: Trial, _ own: Int?) -> (String, Span?)? {
        guard caught.contains(where: { $0 != nil }) else { return nil }
        let mixed = baseline.replacing(subject, by: trial.history, own)
        var worst: (String, Span?)?
        for (incident, was) in zip(incidents, caught) {
            guard let was else { continue }
            guard let now = incident.caught(by: mixed) else { return (incident.name, nil) }
            let delay = now.time - was.time
            if delay > (worst?.1 ?? .zero) { worst = (incident.name, delay) }
        }
        return worst
    }

    // MARK: Texts

    private func present(_ kind: TuneKind, _ target: Target) -> String {
        let rule = target.binding.pack.rules[target.rule]
        switch kind {
        case .deadband:
            return measured(target.binding.deadbands[target.rule].max() ?? 0, target)
        case .onDelay: return rule.onDelay.text
        case .limit:
            return rule.limit.map { measured(target.binding.limits[$0], target) } ?? ""
        }
    }

    private func value(_ candidate: TuneCandidate, _ target: Target) -> String {
        switch candidate {
        case .deadband(let width): return measured(width, target)
        case .onDelay(let delay): return delay.text
        case .limit(let shift):
            let limit = target.binding.pack.rules[target.rule].limit ?? 0
            return measured(target.binding.limits[limit] + shift, target)
        }
    }

    private func measured(_ number: Double, _ target: Target) -> String {
        let unit = target.binding.pack.unit.map { " " + UnitTable.standard[$0].symbol }
        return JSONMembers.readable(number) + (unit ?? "")
    }
}

extension AlarmHistory {
    /// This history with one alarm as it was in another run; `other` its position there.
    func replacing(_ subject: Int, by trial: AlarmHistory, _ other: Int?) -> AlarmHistory {
        var mixed = self
        mixed.annunciations.removeAll { $0.subject == subject }
        mixed.annunciations += trial.annunciations.filter { $0.subject == other }.map { said in
            Annunciation(time: said.time, subject: subject, rule: said.rule)
        }
        return mixed
    }
}
