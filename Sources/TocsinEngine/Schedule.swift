/// Times of the week in the site's civil time: `during("mon-fri 08:00-18:00")`.
package struct Schedule: Sendable, Hashable {
    /// Bit 0 = Monday … bit 6 = Sunday: the day on which the span begins.
    package var days: UInt8
    /// Minutes after midnight; `to` ≤ `from` reaches into the next day; equal = the whole day.
    package var from: Int
    package var to: Int

    package init(days: UInt8, from: Int, to: Int) {
        self.days = days
        self.from = from
        self.to = to
    }
}
