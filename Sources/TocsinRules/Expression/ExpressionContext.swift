package import TocsinEngine
package import TocsinModel

/// What a stream carries, as far as the packs tell.
package enum ExpressionQuantity: Equatable, Sendable {
    /// A measurement in this unit.
    case measured(UnitIndex)
    /// A measurement whose unit no pack states.
    case unitUnknown
    /// One of these state words; a state is known by its position in the list.
    case states([String])
}

/// Everything an expression may name, given by the pack that holds it.
package struct ExpressionContext: Sendable {
    /// What `value` is.
    package var value: ExpressionQuantity
    /// The limits in force by name, with the unit their slots hold; nil = that of `value`.
    package var limits: [(name: String, unit: UnitIndex?)]
    /// The names that may stand in braces.
    package var labels: [String]
    /// Lower and upper end of the measuring range in the unit of `value`. Compared, `20 % of span` is
    /// the point low + 20 % of the width; beside `+` and `-` it is 20 % of the width.
    package var span: (low: Double, high: Double)?
    /// The gas, for the bridges between mass, volume and %LEL.
    package var gas: Gas?
    package var gasCondition: GasCondition
    /// How often a stream of the pack speaks; nil = not known.
    package var every: Span?
    /// The label of a rule with `per:`, which is one alarm for each of its values: only groups and
    /// streams named by this label can be asked. Nil = the rule is about one stream.
    package var groupLabel: String?
    /// The pack's own streams: the members of groups are among them. Nil = not known.
    package var match: StreamPattern?
    /// What the stream of a pattern carries; nil when no pack matches it.
    package var resolve: @Sendable (_ pattern: String) -> ExpressionQuantity?

    package init(
        value: ExpressionQuantity, limits: [(name: String, unit: UnitIndex?)] = [],
        labels: [String] = [], span: (low: Double, high: Double)? = nil, gas: Gas? = nil,
        gasCondition: GasCondition = .standard, every: Span? = nil, groupLabel: String? = nil,
        match: StreamPattern? = nil,
        resolve: @escaping @Sendable (_ pattern: String) -> ExpressionQuantity? = { _ in nil }
    ) {
        self.value = value
        self.limits = limits
        self.labels = labels
        self.span = span
        self.gas = gas
        self.gasCondition = gasCondition
        self.every = every
        self.groupLabel = groupLabel
        self.match = match
        self.resolve = resolve
    }
}
