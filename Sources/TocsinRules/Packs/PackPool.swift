import TocsinEngine

/// What the programs of one pack share, each once; instructions name it by position.
struct PackPool {
    private(set) var windows: [WindowDefinition] = []
    private(set) var groups: [GroupDefinition] = []
    private(set) var schedules: [Schedule] = []

    /// Different times of the week in one pack: a generated file must not cost memory.
    static let schedulesMax = 256
    /// Different windows, and different groups, in one pack: each costs memory for every stream.
    static let partsMax = 1024

    /// The position of a schedule; nil when the pack has too many.
    mutating func position(of schedule: Schedule) -> UInt16? {
        PackPool.position(of: schedule, in: &schedules, atMost: PackPool.schedulesMax)
    }

    /// The position of a window; nil when the pack has too many.
    mutating func position(of window: WindowDefinition) -> UInt16? {
        PackPool.position(of: window, in: &windows, atMost: PackPool.partsMax)
    }

    /// The position of a group; nil when the pack has too many.
    mutating func position(of group: GroupDefinition) -> UInt16? {
        PackPool.position(of: group, in: &groups, atMost: PackPool.partsMax)
    }

    private static func position<Entry: Equatable>(
        of entry: Entry, in list: inout [Entry], atMost limit: Int
    ) -> UInt16? {
        if let known = list.firstIndex(of: entry) { return UInt16(known) }
        guard list.count < limit else { return nil }
        list.append(entry)
        return UInt16(list.count - 1)
    }

    /// The pack with everything that its programs name.
    func fill(_ pack: inout Pack) {
        pack.windows = windows
        pack.groups = groups
        pack.schedules = schedules
    }
}
