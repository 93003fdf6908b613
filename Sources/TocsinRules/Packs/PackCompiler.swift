import TocsinEngine
import TocsinModel

/// Turns an outline with its rules' texts into a checked `Pack`.
struct PackCompiler {
    let outline: PackOutline
    let conditions: ConditionReader
    let diagnostics: DiagnosticList

    /// Gas, flame and spark must not wait (contract §4 "Defaults").
    static let urgentDelayMax = Span.seconds(5)

    init(_ outline: PackOutline, catalog: StreamCatalog, reporting diagnostics: DiagnosticList) {
        self.outline = outline
        self.diagnostics = diagnostics
        conditions = ConditionReader(
            outline: outline, catalog: catalog, diagnostics: diagnostics)
    }

    /// The pack with its rules, those of trouble last. Errors are in the list of diagnostics: a
    /// pack with errors is not fit for use.
    func pack() -> Pack {
        let all = RuleReader(outline: outline, diagnostics: diagnostics).drafts()
        let troubles = TroubleRules(outline: outline, reporting: diagnostics)
        let trouble = troubles.rules + all.compactMap(troubles.voteOut)
        checkNames(all, trouble)
        outline.disabled.check(
            among: all.map(\.name) + trouble.map(\.shortName), reporting: diagnostics)
        var drafts = all.filter { !outline.disabled.names.contains($0.name) }
        var pool = PackPool()
        for position in drafts.indices {
            checkDelay(drafts[position])
            checkSampleVote(drafts[position])
            compile(&drafts[position], &pool)
        }
        let calculated = outline.definitions.compactMap { compile($0, &pool) }
        capEarlyWarnings(&drafts)
        let said = ["ladder", "alarms", "define"]
        if said.allSatisfy({ outline.merged.node[$0] == nil }) {
            diagnostics.warning(
                at: outline.place, "the pack has no alarms: only trouble is watched",
                help: "write `ladder:` or `alarms:`")
        }
        var pack = outline.pack
        // Compiled drafts give the final trouble rules: their meaning holds the vote's condition.
        let kept = (troubles.rules + drafts.compactMap(troubles.voteOut)).filter {
            !outline.disabled.names.contains($0.shortName)
        }
        pack.rules = drafts.map(\.rule) + kept
        pack.calculated = calculated
        pool.fill(&pack)
        let chains = RuleChains(drafts, known: all.map(\.name), reporting: diagnostics).chains
        checkLabels(chains, drafts)
        pack.chains = chains + kept.indices.map { [drafts.count + $0] }
        return pack
    }

    // MARK: Checks

    private func checkNames(_ drafts: [DraftRule], _ trouble: [Rule]) {
        var seen: [String: SourceRange] = [:]
        for draft in drafts {
            if trouble.contains(where: { $0.shortName == draft.name }) {
                diagnostics.error(
                    at: draft.place, "`\(draft.name)` is the name of a built-in trouble rule",
                    help: "choose another; its priority and action are set under `trouble:`")
            } else if let first = seen[draft.name] {
                diagnostics.error(
                    at: draft.place, "the rule `\(draft.name)` is defined twice",
                    help: "first at \(first.file.path):\(first.line)")
            } else {
                seen[draft.name] = draft.place
            }
        }
    }

    /// What must not wait, in words; nil for everything else.
    private func urgent(_ draft: DraftRule) -> String? {
        guard draft.rule.alarmClass == .alarm else { return nil }
        if outline.isGas { return "gas" }
        return outline.isFlameOrSpark ? "flame and spark" : nil
    }

    private func checkDelay(_ draft: DraftRule) {
        guard let what = urgent(draft), draft.rule.onDelay > PackCompiler.urgentDelayMax else {
            return
        }
        diagnostics.error(
            at: draft.onDelayPlace ?? draft.place,
            "`\(draft.name)` waits \(draft.rule.onDelay.text): alarms of \(what) must not wait "
                + "longer than \(PackCompiler.urgentDelayMax.text)",
            help: "shorten `on_delay`; use a deadband or a higher limit against nuisance alarms")
    }

    /// Waiting for samples is waiting: with single ones between, M of them pass before N are true.
    private func checkSampleVote(_ draft: DraftRule) {
        guard let what = urgent(draft), let vote = draft.rule.sampleVote,
            case .every(let every) = outline.pack.cadence
        else { return }
        let wait = Span(milliseconds: every.milliseconds * Int64(vote.of))
        guard wait > PackCompiler.urgentDelayMax else { return }
        diagnostics.error(
            at: draft.sampleVotePlace ?? draft.place,
            "`\(draft.name)` waits up to \(wait.text) for \(vote.of) samples: alarms of \(what) "
                + "must not wait longer than \(PackCompiler.urgentDelayMax.text)",
            help: "look at fewer samples; use a deadband or a higher limit against nuisance alarms")
    }

    /// An early warning is capped below the pack's alarms, or operators would weigh them alike.
    private func capEarlyWarnings(_ drafts: inout [DraftRule]) {
        let alarms = drafts.filter { $0.rule.alarmClass == .alarm }.map(\.rule.priority)
        // Without alarms in the pack, as if they were `high`.
        let lowest = alarms.min() ?? .high
        let cap = Priority(rawValue: lowest.rawValue == 0 ? 0 : lowest.rawValue - 1) ?? .low
        for position in drafts.indices {
            let draft = drafts[position]
            guard draft.rule.alarmClass == .earlyWarning, draft.rule.priority > cap else {
                continue
            }
            drafts[position].rule.priority = cap
            diagnostics.warning(
                at: draft.priorityPlace ?? draft.place,
                "the early warning `\(draft.name)` is set to `\(cap.word)`, below the pack's "
                    + "alarms",
                help: "the pack's lowest alarm is `\(lowest.word)`; write `\(cap.word)`")
        }
    }

    // MARK: Conditions

    private func compile(_ draft: inout DraftRule, _ pool: inout PackPool) {
        let per = draft.rule.per
        guard let text = draft.when, let when = conditions.read(text, groupLabel: per) else {
            return
        }
        let clear = draft.clearWhen.flatMap { conditions.read($0, groupLabel: per) }
        let unless = draft.unless.flatMap { conditions.read($0, groupLabel: per) }
        if draft.clearWhen != nil && clear == nil || draft.unless != nil && unless == nil { return }
        let deadband = draft.deadband
        // A comparison with a limit that `deadband: {H: …}` does not name has none.
        let width: (String?) -> Quantity = { deadband.width(for: $0) ?? .number(0, unit: nil) }
        var compiler = ProgramCompiler(
            limits: outline.pack.limits.map(\.name), pool: pool, width: width)
        let hasDeadband = checkDeadband(draft, when, text)
        do throws(ProgramCompiler.Problem) {
            draft.rule.condition = try compiler.compile(
                when.expression, streams: when.streams, hasMemory: hasDeadband)
            if let clear {
                draft.rule.clearWhen = try compiler.compile(
                    clear.expression, streams: clear.streams, hasMemory: false)
            }
            draft.rule.unless = try compiler.suppression(draft.schedules, unless)
        } catch {
            diagnostics.error(at: text.node.range, PackCompiler.words(for: error))
            return
        }
        draft.rule.deadbands = compiler.memories.map { width($0.limit) }
        draft.rule.references = compiler.references
        pool = compiler.pool
        checkDegraded(draft)
        describe(&draft, when.expression, clear?.expression, unless?.expression)
    }

    static func words(for problem: ProgramCompiler.Problem) -> String {
        switch problem {
        case .tooDeep(let limit): "the condition is nested deeper than \(limit) operands"
        case .tooManyMemories(let limit):
            "the condition compares with limits more than \(limit) times"
        case .tooManyReferences(let limit): "the rule asks more than \(limit) other streams"
        case .tooManySchedules(let limit): "the pack has more than \(limit) times of the week"
        case .tooManyParts(let limit):
            "the pack has more than \(limit) windows or groups"
        }
    }

    /// Whether comparisons get a deadband; an unusable or a missing one is reported.
    private func checkDeadband(
        _ draft: DraftRule, _ when: ConditionReader.Condition, _ text: YAMLText
    ) -> Bool {
        guard when.expression.hasLimitComparison else {
            if draft.hasOwnDeadband, let place = draft.deadband.place {
                diagnostics.error(
                    at: place,
                    "the condition of `\(draft.name)` compares no value with a limit: "
                        + "a deadband has no effect",
                    help: "write `clear_when:` instead")
            }
            return false
        }
        if draft.deadband.isZero {
            if draft.clearWhen == nil, !draft.deadband.isRefused {
                diagnostics.warning(
                    at: draft.ladderLimit == nil ? text.node.range : draft.place,
                    "`\(draft.name)` has no deadband: it will chatter around its limit",
                    help: "write `deadband:` with a unit, under `defaults:` or here")
            }
            return false
        }
        return true
    }

    private func describe(
        _ draft: inout DraftRule, _ when: TypedExpression, _ clear: TypedExpression?,
        _ unless: TypedExpression?
    ) {
        draft.rule.conditionText = when.canonicalText
        let comparisons = when.root.comparisons
        let about = comparisons.first { $0.deadband != nil && $0.soleLimit != nil }
        draft.rule.limit = about?.soleLimit.flatMap { name in
            outline.pack.limits.firstIndex { $0.name == name }
        }
        // A vote warns of what its members' condition warns of.
        let inside = when.root.groups.flatMap(\.member.root.comparisons)
        let direction = about?.direction ?? (comparisons + inside).compactMap(\.direction).first
        switch direction {
        case .rising: draft.rule.direction = .high
        case .falling: draft.rule.direction = .low
        case nil: draft.rule.direction = nil
        }
        draft.rule.unlessText = ProgramCompiler.suppressionText(
            draft.schedules, unless?.canonicalText)
        draft.rule.meaning = RuleMeaning.text(
            of: draft.rule, clearWhen: clear?.canonicalText, unless: draft.rule.unlessText)
    }
}
