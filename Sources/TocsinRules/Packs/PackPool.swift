import TocsinEngine

/// What the programs of one pack share, each once; instructions name it by position.
struct PackPool {
    private(set) var schedules: [Schedule] = []

    /// Different times of the week in one pack: a generated file must not cost memory.
    static let schedulesMax = 256

    /// The position of a schedule; nil when the pack has too many.
    mutating func position(of schedule: Schedule) -> UInt16? {
        if let known = schedules.firstIndex(of: schedule) { return UInt16(known) }
        guard schedules.count < PackPool.schedulesMax else { return nil }
        schedules.append(schedule)
        return UInt16(schedules.count - 1)
    }
}
