import TocsinEngine

/// `schedule:` and `unless:` are one program: suppressed by design outside of all schedules, or
/// where the condition is true.
extension ProgramCompiler {
    /// Nil where the rule is always in force. Compiles `unless` with the rule's own references.
    mutating func suppression(
        _ schedules: [Schedule], _ unless: ConditionReader.Condition?
    ) throws(Problem) -> Program? {
        let condition =
            if let unless {
                try compile(unless.expression, streams: unless.streams, hasMemory: false)
            } else {
                Program?.none
            }
        guard !schedules.isEmpty else { return condition }
        var instructions: [Instruction] = []
        var texts: [String] = []
        for schedule in schedules {
            guard let position = pool.position(of: schedule) else {
                throw .tooManySchedules(limit: PackPool.schedulesMax)
            }
            instructions.append(.during(position))
            texts.append("during(\"\(ScheduleText.text(of: schedule))\")")
            if instructions.count > 1 {
                instructions.append(.or)
                texts.append("in schedule")
            }
        }
        instructions.append(.not)
        texts.append("out of schedule")
        var depth = min(2, schedules.count)
        if let condition {
            instructions += condition.instructions + [.or]
            texts += condition.texts + ["out of schedule or unless"]
            depth = max(depth, condition.stackDepth + 1)
        }
        guard depth <= Program.stackLimit else { throw .tooDeep(limit: Program.stackLimit) }
        return Program(instructions: instructions, stackDepth: depth, texts: texts)
    }

    /// The same in the words of the language, for the rule's meaning.
    static func suppressionText(_ schedules: [Schedule], _ unless: String?) -> String? {
        guard !schedules.isEmpty else { return unless }
        let times = schedules.map { "during(\"\(ScheduleText.text(of: $0))\")" }
        let all = times.joined(separator: " or ")
        let outside = times.count > 1 ? "not (\(all))" : "not \(all)"
        return unless.map { "\(outside) or \($0)" } ?? outside
    }
}
