// The pointers of a rule as one tree, so that one pass over a payload serves all of them. Children
// of a node lie side by side; a node is reached at most once in a payload without repeated members,
// which is what finds the repeated ones.

/// What a pointer's end is used for; one place can serve several.
struct SelectionRole: OptionSet {
    var rawValue: UInt8

    static var value: SelectionRole { SelectionRole(rawValue: 1) }
    static var time: SelectionRole { SelectionRole(rawValue: 2) }
    static var unit: SelectionRole { SelectionRole(rawValue: 4) }
    static var quality: SelectionRole { SelectionRole(rawValue: 8) }

    @inline(__always)
    func has(_ role: SelectionRole) -> Bool { rawValue & role.rawValue != 0 }
}

/// One token of the pointers.
struct SelectionNode {
    /// The member's name in `SelectionTree.names`.
    var nameStart = 0
    var nameCount = 0
    /// The first eight bytes of the name, see `ByteCursor.prefixWord`.
    var nameWord: UInt64 = 0
    /// The index this token means in an array; -1 for none.
    var arrayIndex: Int32 = -1
    var role: SelectionRole = []
    /// The name of the stream's part, when several values are selected.
    var field: ByteSlice?
    var firstChild = 0
    var childCount = 0
}

/// A rule's pointers, compiled. The root, node 0, is the whole payload.
struct SelectionTree: Sendable {
    /// Nodes are bits of four words in the search for repeated members.
    static let maximumNodes = 256

    private(set) var nodes: [SelectionNode] = []
    private(set) var names: [UInt8] = []

    /// A pointer with what it is for, as the rule gives it.
    struct Entry {
        var key: String
        var index: Int
        var tokens: ArraySlice<String>
        var role: SelectionRole
        var field: ByteSlice?
    }

    init(_ entries: [Entry]) throws(DecodeRuleError) {
        nodes = [SelectionNode()]
        var pending: [(node: Int, entries: [Entry])] = [(0, entries)]
        var next = 0
        // Breadth first: the children of one node are appended together. Ends because every round
        // takes one token from each of its entries.
        while next < pending.count {
            let (node, here) = pending[next]
            next += 1
            for entry in here where entry.tokens.isEmpty { try end(entry, at: node) }
            nodes[node].firstChild = nodes.count
            for token in Self.firstTokens(of: here) {
                guard nodes.count < Self.maximumNodes else {
                    throw DecodeRuleError(
                        here[0].key, index: here[0].index,
                        "pointers with more than \(Self.maximumNodes) parts in one entry")
                }
                pending.append((nodes.count, Self.entries(of: here, below: token)))
                nodes.append(child(named: token))
            }
            nodes[node].childCount = nodes.count - nodes[node].firstChild
        }
    }

    private static func firstTokens(of entries: [Entry]) -> [String] {
        var tokens: [String] = []
        for entry in entries {
            guard let token = entry.tokens.first, !tokens.contains(token) else { continue }
            tokens.append(token)
        }
        return tokens
    }

    private static func entries(of entries: [Entry], below token: String) -> [Entry] {
        entries.filter { $0.tokens.first == token }.map { entry in
            var rest = entry
            rest.tokens = entry.tokens.dropFirst()
            return rest
        }
    }

    private mutating func child(named token: String) -> SelectionNode {
        var node = SelectionNode()
        node.nameStart = names.count
        names += token.utf8
        node.nameCount = names.count - node.nameStart
        node.nameWord = names.withUnsafeBufferPointer { bytes in
            guard let base = bytes.baseAddress else { return 0 }
            // The cursor lives in this closure only.
            return ByteCursor(base: base, count: bytes.count)
                .prefixWord(start: node.nameStart, length: node.nameCount)
        }
        node.arrayIndex = JSONPointer.arrayIndex(token) ?? -1
        return node
    }

    private mutating func end(_ entry: Entry, at node: Int) throws(DecodeRuleError) {
        guard nodes[node].role.isDisjoint(with: entry.role) else {
            throw DecodeRuleError(entry.key, index: entry.index, "the same pointer stands twice")
        }
        nodes[node].role.formUnion(entry.role)
        if let field = entry.field { nodes[node].field = field }
    }
}
