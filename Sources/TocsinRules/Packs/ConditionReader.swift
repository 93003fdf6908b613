import TocsinEngine
import TocsinModel

/// Checks a condition's text against its pack and the streams of the other packs.
struct ConditionReader {
    let outline: PackOutline
    let catalog: StreamCatalog
    let diagnostics: DiagnosticList

    /// A checked condition and what stands behind its references, by their position.
    struct Condition {
        var expression: TypedExpression
        var streams: ProgramCompiler.StreamSlots
    }

    /// Nil, and every fault reported at its characters, when the text is no condition.
    /// `groupLabel`: the rule is one alarm for each value of this label.
    func read(_ text: YAMLText, groupLabel: String? = nil) -> Condition? {
        do throws(ExpressionErrors) {
            let tree = try ExpressionNode.parse(text.text)
            let found = statesAsked(in: tree)
            let unknown = found.mapValues { ExpressionQuantity.states($0.states) }
            let expression = try TypedExpression.check(
                tree, of: text.text, in: context(unknown, groupLabel))
            warn(of: found, in: text)
            warn(of: expression, in: text)
            return Condition(expression: expression, streams: slots(expression, unknown))
        } catch {
            diagnostics.add(error, in: text)
            return nil
        }
    }

    /// The same for an expression that gives a number in `unit`: the value of a calculated stream.
    func readNumber(
        _ text: YAMLText, unit: UnitIndex, groupLabel: String?
    ) -> Condition? {
        do throws(ExpressionErrors) {
            let tree = try ExpressionNode.parse(text.text)
            let found = statesAsked(in: tree)
            let unknown = found.mapValues { ExpressionQuantity.states($0.states) }
            let expression = try TypedExpression.checkNumber(
                tree, of: text.text, unit: unit, in: context(unknown, groupLabel)
            ).expression
            warn(of: found, in: text)
            warn(of: expression, in: text)
            return Condition(expression: expression, streams: slots(expression, unknown))
        } catch {
            diagnostics.add(error, in: text)
            return nil
        }
    }

    /// What is allowed and probably not meant.
    private func warn(of expression: TypedExpression, in text: YAMLText) {
        for warning in expression.warnings {
            diagnostics.warning(
                at: text.range(of: warning.range), warning.message, help: warning.help)
        }
    }

    func context(
        _ unknown: [String: ExpressionQuantity], _ groupLabel: String?
    ) -> ExpressionContext {
        let pack = outline.pack
        let catalog = catalog
        return ExpressionContext(
            value: outline.quantity, limits: pack.limits.map { ($0.name, pack.unit) },
            labels: pack.pattern.labels, span: pack.span.map { ($0.low, $0.high) }, gas: pack.gas,
            gasCondition: pack.gasCondition, every: every, groupLabel: groupLabel,
            match: pack.pattern,
            resolve: { text in
                guard let pattern = ConditionReader.pattern(text) else { return nil }
                return catalog.quantity(of: pattern) ?? unknown[text]
            })
    }

    private var every: Span? {
        switch outline.pack.cadence {
        case .every(let span): span
        case .onChange, .unstated: nil
        }
    }

    private static func pattern(_ text: String) -> StreamPattern? {
        do throws(StreamPattern.Problem) { return try StreamPattern(text) } catch { return nil }
    }

    private func slots(
        _ expression: TypedExpression, _ unknown: [String: ExpressionQuantity]
    ) -> ProgramCompiler.StreamSlots {
        var slots = ProgramCompiler.StreamSlots()
        let members = expression.root.groups.flatMap(\.member.references)
        for text in expression.references + members where slots[text] == nil {
            guard let pattern = ConditionReader.pattern(text) else { continue }
            let quantity = catalog.quantity(of: pattern) ?? unknown[text] ?? .unitUnknown
            let slot = ProgramCompiler.StreamSlot(pattern: pattern, quantity: quantity)
            slots.entries.append((text, slot))
        }
        return slots
    }

    // MARK: Streams that no pack describes

    /// A stream that no pack describes, and the states that are asked of it.
    private struct Unknown {
        var states: [String]
        var place: ExpressionRange
    }

    /// A pack may be checked alone while the pack of the stream that it asks about is elsewhere. A
    /// test of a stream's state says enough to go on: the states are those asked for. It is a
    /// warning, because until that pack is loaded the answer is unknown.
    private func statesAsked(in tree: ExpressionNode) -> [String: Unknown] {
        var found: [String: Unknown] = [:]
        collectStates(tree, &found)
        return found.filter { name, _ in
            ConditionReader.pattern(name).map { catalog.quantity(of: $0) == nil } ?? false
        }
    }

    private func warn(of found: [String: Unknown], in text: YAMLText) {
        for (name, entry) in found.sorted(by: { $0.key < $1.key }) {
            diagnostics.warning(
                at: text.range(of: entry.place), "no loaded pack matches the stream `\(name)`",
                help: "until one says its states, this test is unknown")
        }
    }

    private func collectStates(
        _ node: ExpressionNode, _ found: inout [String: Unknown]
    ) {
        switch node.kind {
        case .state(let subject, let state, _, _, _):
            guard case .stream(let name, let place) = subject.kind else { return }
            var entry = found[name] ?? Unknown(states: [], place: place)
            if !entry.states.contains(state) { entry.states.append(state) }
            found[name] = entry
        case .not(let inner), .negate(let inner): collectStates(inner, &found)
        case .logic(_, let left, let right), .arithmetic(_, let left, let right),
            .comparison(_, let left, let right):
            collectStates(left, &found)
            collectStates(right, &found)
        case .call(_, _, let arguments):
            for argument in arguments { collectStates(argument.value, &found) }
        case .number, .text, .name, .limit, .stream: return
        }
    }
}
