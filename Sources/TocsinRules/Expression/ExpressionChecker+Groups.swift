import TocsinEngine
import TocsinModel

/// Questions to all streams of a pattern, and times of the week.
extension ExpressionChecker {
    mutating func group(_ call: Call) -> CheckedNode {
        guard !isMember else {
            return report(
                call.place, "`\(call.function.rawValue)` cannot stand inside a group function",
                expected: ["two groups beside each other, joined by `and`"])
        }
        let pattern = groupPattern(call)
        let parameter = call.function.parameters[0].name
        guard let node = call.arguments[parameter] else { return .invalid(call.range) }
        var member = ExpressionChecker(context, isMember: true)
        let checked: CheckedNode
        var measure = ExpressionMeasure.ratio
        if call.function.asksCondition {
            checked = member.condition(node, needs: "\(call.name(of: parameter)) is a condition")
        } else {
            checked = member.check(node)
            if case .number(let found) = checked.type {
                measure = found
            } else if checked.type != .invalid {
                _ = member.report(
                    node.range,
                    "\(call.name(of: parameter)) is a number, not \(checked.type.name)")
            }
        }
        let expression = member.expression(checked.node, node)
        adopt(member)
        guard let pattern, member.errors.isEmpty, let function = call.function.groupFunction else {
            return .invalid(call.range)
        }
        let group = TypedGroup(
            pattern: pattern, member: expression, function: function,
            isVote: call.function == .votes)
        let kind = TypedNode.Kind.group(group)
        switch function {
        case .any, .all: return truth(kind, call.range)
        case .count:
            return CheckedNode(
                node: TypedNode(kind, call.range), type: .number(.ratio), inputs: .other)
        case .least, .greatest, .mean:
            // As much the rule's own as `value`: it is converted to, and has a deadband.
            return CheckedNode(
                node: TypedNode(kind, call.range), type: .number(measure),
                inputs: checked.inputs.union(.other))
        }
    }

    /// The pattern of a group; nil, and reported, when it is none.
    private mutating func groupPattern(_ call: Call) -> String? {
        guard
            let (pattern, place) = text(
                "of", of: call, "a topic filter", expected: ["\"{area}/gas/+\""])
        else { return nil }
        let faults = ExpressionPattern.faults(
            in: pattern, at: place, labels: labels, allowsWildcards: true)
        for fault in faults {
            _ = report(
                fault.range, fault.message, expected: fault.expected, suggestion: fault.suggestion)
        }
        guard faults.isEmpty else { return nil }
        do throws(StreamPattern.Problem) {
            let parsed = try StreamPattern(pattern)
            if !parsed.namesMany {
                warn(place, "`of` names one stream: a group has `+` or `#` for its members")
            }
            if let match = context.match, !match.overlaps(parsed) {
                warn(
                    place, "no stream of this pack fits `of`: the group has no members",
                    expected: ["streams that `match: \(match.text)` covers"])
            }
        } catch {
            let (offset, message, help) = PackOutlineReader.words(for: error)
            let at = ExpressionRange(
                offset: place.offset + offset, length: max(1, place.length - offset))
            _ = report(at, message, expected: help.map { [$0] } ?? [])
            return nil
        }
        return pattern
    }

    /// `during("mon-fri 08:00-18:00")`.
    mutating func during(_ call: Call) -> CheckedNode {
        let examples = ["\"mon-fri 08:00-18:00\"", "\"daily 22:00-06:00\""]
        guard
            let (times, place) = text(
                "times", of: call, "times of the week", expected: examples)
        else { return .invalid(call.range) }
        do throws(ExpressionError) {
            let schedule = try ScheduleText.parse(times)
            usesAge = true
            return truth(.during(schedule), call.range)
        } catch {
            let offset = min(place.offset + error.range.offset, place.end)
            let length = min(error.range.length, place.end - offset)
            return report(
                ExpressionRange(offset: offset, length: length), error.message,
                expected: error.expected, suggestion: error.suggestion)
        }
    }
}

extension StreamPattern {
    /// More than one stream can match once the labels are known.
    fileprivate var namesMany: Bool {
        (levels + (field.map { [$0] } ?? [])).contains { level in
            switch level {
            case .any, .rest: true
            case .literal, .label: false
            }
        }
    }
}

extension ExpressionFunction {
    /// It asks its members for truths rather than numbers.
    fileprivate var asksCondition: Bool {
        switch groupFunction {
        case .count, .any, .all: true
        case .least, .greatest, .mean, nil: false
        }
    }

    /// What the engine is asked; nil for functions that are not over groups.
    fileprivate var groupFunction: GroupFunction? {
        switch self {
        case .votes, .countOf: .count
        case .any: .any
        case .all: .all
        case .minOf: .least
        case .maxOf: .greatest
        case .meanOf: .mean
        case .mean, .sum, .min, .max, .stddev, .median, .quantile, .count, .delta, .slope, .rate,
            .twa,
            .dose, .ewma, .cusum, .zscore, .changes, .flat, .forecast, .timeTo, .slopeSignificance,
            .during, .abs, .sqrt, .ln, .exp, .lesser, .greater, .dewPoint, .number:
            nil
        }
    }
}

extension TypedNode {
    /// `votes` or `count_of`, where the node is nothing else.
    var countFunction: String? {
        guard case .group(let group) = kind, group.function == .count else { return nil }
        let function: ExpressionFunction = group.isVote ? .votes : .countOf
        return function.rawValue
    }
}
