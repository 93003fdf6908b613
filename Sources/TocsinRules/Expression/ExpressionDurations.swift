import TocsinModel

extension ExpressionNode {
    /// The whole milliseconds of a literal where a duration is expected (`5m` is minutes here);
    /// nil when it is no literal, no time, negative or finer than a millisecond.
    package var durationMilliseconds: Int64? {
        guard case .number(let number) = kind, case .known(let index) = number.unit else {
            return nil
        }
        let unit = index == StandardUnit.metre ? StandardUnit.minute : index
        guard UnitTable.standard[unit].dimension == .time,
            case .success(let line) = UnitTable.standard.conversion(
                from: unit, to: StandardUnit.millisecond)
        else { return nil }
        let total = DecimalRounding.rounded(line(number.value))
        guard total >= 0, total <= Self.longestMilliseconds, total == total.rounded() else {
            return nil
        }
        return Int64(total)
    }

    /// Doubles count whole milliseconds exactly up to here, 285 000 years.
    private static let longestMilliseconds = 9.0e15

    /// `5m`: the canonical text where a duration is expected.
    var durationText: String { ExpressionPrinter.text(of: self, inTime: true) }

    /// The duration that was probably meant: `5 minutes`, `"5m"`.
    var nearestDuration: String? {
        switch kind {
        case .text(let text): return Span(parsing: text).map(\.text)
        case .number(let number):
            guard case .unknown(let word) = number.unit, let time = UnitText.time(of: word) else {
                return nil
            }
            let digits = ExpressionPrinter.text(
                of: ExpressionNumber(
                    value: number.value, unit: .none, unitRange: number.unitRange))
            return digits + (time == "min" ? "m" : time)
        case .name, .limit, .stream, .state, .call, .negate, .not, .arithmetic, .comparison,
            .logic:
            return nil
        }
    }
}
