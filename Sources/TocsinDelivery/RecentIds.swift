/// The last ids given to it, oldest forgotten first.
struct RecentIds: Sendable {
    private var ids: Set<String> = []
    private var order: [String] = []

    func contains(_ id: String) -> Bool { ids.contains(id) }

    mutating func insert(_ id: String, limit: Int) {
        guard ids.insert(id).inserted else { return }
        order.append(id)
        guard order.count > limit else { return }
        // A quarter at once, so that forgetting costs little per id.
        let forgotten = max(1, limit / 4)
        for old in order.prefix(forgotten) { ids.remove(old) }
        order.removeFirst(forgotten)
    }

    mutating func remove(_ id: String) -> Bool { ids.remove(id) != nil }
}
