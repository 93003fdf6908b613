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
}
