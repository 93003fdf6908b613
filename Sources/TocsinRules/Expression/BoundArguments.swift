/// The arguments of a call by the names of their parameters, in forms not yet checked.
struct BoundArguments {
    /// Why a call's arguments do not fit its function.
    enum Problem {
        /// The argument, by its position in the call.
        case unknown(Int)
        case tooMany(Int)
        case twice(Int)
    }

    let function: ExpressionFunction
    private var values: [String: ExpressionNode] = [:]
    private(set) var problems: [Problem] = []

    subscript(_ name: String) -> ExpressionNode? { values[name] }

    /// Gives each argument its parameter; `problems` says what did not fit.
    init(matching function: ExpressionFunction, _ arguments: [ExpressionArgument]) {
        self.function = function
        let parameters = function.parameters
        var positional = parameters.filter { !$0.isNamedOnly }[...]
        for (position, argument) in arguments.enumerated() {
            let name: String
            if let given = argument.name {
                guard parameters.contains(where: { $0.name == given }) else {
                    problems.append(.unknown(position))
                    continue
                }
                name = given
                positional.removeAll { $0.name == given }
            } else {
                guard let next = positional.popFirst() else {
                    problems.append(.tooMany(position))
                    continue
                }
                name = next.name
            }
            guard values[name] == nil else {
                problems.append(.twice(position))
                continue
            }
            values[name] = argument.value
        }
    }

    /// Nil when some argument does not fit.
    init?(_ function: ExpressionFunction, _ arguments: [ExpressionArgument]) {
        self.init(matching: function, arguments)
        if !problems.isEmpty { return nil }
    }
}
