// One pass over a JSON payload: everything is checked, what the rule's pointers reach is taken.
//
// - The value is a number, a text (a state word), true or false (the words `true`, `false`).
// - An object where the one value should be gives its numeric members, one reading each; members
//   that other pointers take, nested objects, texts and null are no readings.
// - null is a missing value. Of several `value_at`, those present are read.
// - A selected member that stands twice makes the frame ambiguous: it is rejected, because readers
//   disagree on which one counts (RFC 8259 §4). Members nobody asked for may repeat.
// - An unusable or repeated time never removes a sample (contract §8): it becomes a flag; quality
//   that cannot be read is bad.

import TocsinModel

/// Not copyable, so that no call copies its state: that alone took a sixth of the time.
struct JSONSelection: ~Copyable {
    /// A node where it lies: copying one for every member would cost more than reading it.
    private typealias Node = UnsafePointer<SelectionNode>

    private let timeUnit: TimeUnit
    private let takesMembers: Bool
    private let nodes: Node
    private let names: UnsafeBufferPointer<UInt8>
    private var cursor: ByteCursor
    private(set) var common = CommonParts()
    /// The text, number or literal that tells the quality; its words are the decoder's to know.
    private(set) var quality: SelectedQuality = .absent
    /// Bit n of these 256: node n was reached.
    private var reached: InlineArray<4, UInt64> = [0, 0, 0, 0]
    /// One bit per hash of a member's name: while clear, the name is new.
    private var memberBits: UInt64 = 0
    /// Where the last value that is no number stands, for the error's place.
    private var valuePlace = 0

    init(
        nodes: UnsafePointer<SelectionNode>, names: UnsafeBufferPointer<UInt8>,
        cursor: ByteCursor, timeUnit: TimeUnit, takesMembers: Bool
    ) {
        self.timeUnit = timeUnit
        self.takesMembers = takesMembers
        self.nodes = nodes
        self.names = names
        self.cursor = cursor
    }

    mutating func run(into buffer: inout ReadingBuffer) throws(DecodeError) {
        cursor.skipWhiteSpace()
        try value(of: nodes, depth: 0, into: &buffer)
        cursor.skipWhiteSpace()
        guard cursor.isAtEnd else { throw DecodeError(.trailingBytes, at: cursor.position) }
        guard buffer.count > 0 else { throw DecodeError(.noValue, at: valuePlace) }
    }

    /// Inlined where a value may stand, so that `object` and `array` alone are recursive.
    @inline(__always)
    private mutating func value(
        of node: Node, depth: Int, into buffer: inout ReadingBuffer
    ) throws(DecodeError) {
        let role = node.pointee.role
        switch cursor.peek {
        case 0x22:
            let start = cursor.position
            let text = try cursor.jsonText()
            if role.rawValue != 0 { try take(text, at: start, for: node, into: &buffer) }
        case 0x2D, 0x30...0x39:
            let number = try cursor.jsonNumber()
            if role.rawValue != 0 { try take(number, for: node, into: &buffer) }
        case 0x7B:
            try takeContainer(for: node)
            try object(node, depth: depth, into: &buffer)
        case 0x5B:
            if role.has(.value) { throw DecodeError(.notANumber, at: cursor.position) }
            try takeContainer(for: node)
            try array(node, depth: depth, into: &buffer)
        default:
            let start = cursor.position
            let literal = try cursor.jsonLiteral()
            if role.rawValue != 0 { try take(literal, at: start, for: node, into: &buffer) }
        }
    }

    // MARK: Containers

    private mutating func object(
        _ node: Node, depth: Int, into buffer: inout ReadingBuffer
    ) throws(DecodeError) {
        guard depth < DecodeLimits.depth else {
            throw DecodeError(.tooDeep, at: cursor.position)
        }
        let takesMembers = node.pointee.role.has(.value)
        let childCount = node.pointee.childCount
        cursor.advance()
        cursor.skipWhiteSpace()
        if cursor.peek == 0x7D {
            cursor.advance()
            return
        }
        var guess = 0
        while true {
            guard cursor.peek == 0x22 else { throw cursor.unexpected() }
            let name = try cursor.jsonText()
            try cursor.jsonColon()
            if childCount > 0, let place = child(of: node, named: name, guess: guess) {
                guess = place + 1
                let index = node.pointee.firstChild + place
                // The tree made index: firstChild + childCount <= the number of nodes.
                if reach(index) {
                    try value(of: nodes + index, depth: depth + 1, into: &buffer)
                } else {
                    try skipRepeated(nodes + index, named: name, depth: depth + 1)
                }
            } else if takesMembers, cursor.peek == 0x2D || ASCII.isDigit(cursor.peek) {
                try takeMember(named: name, into: &buffer)
            } else {
                try cursor.skipJSONValue(depth: depth + 1)
            }
            cursor.skipWhiteSpace()
            let byte = cursor.peek
            guard byte == 0x2C || byte == 0x7D else { throw cursor.unexpected() }
            cursor.advance()
            if byte == 0x7D { return }
            cursor.skipWhiteSpace()
        }
    }

    private mutating func array(
        _ node: Node, depth: Int, into buffer: inout ReadingBuffer
    ) throws(DecodeError) {
        guard depth < DecodeLimits.depth else {
            throw DecodeError(.tooDeep, at: cursor.position)
        }
        cursor.advance()
        cursor.skipWhiteSpace()
        if cursor.peek == 0x5D {
            cursor.advance()
            return
        }
        var element: Int32 = 0
        while true {
            var selected: Node?
            for place in 0..<node.pointee.childCount {
                let child = nodes + node.pointee.firstChild + place
                if child.pointee.arrayIndex == element { selected = child }
            }
            if let child = selected {
                try value(of: child, depth: depth + 1, into: &buffer)
            } else {
                try cursor.skipJSONValue(depth: depth + 1)
            }
            element &+= 1
            cursor.skipWhiteSpace()
            let byte = cursor.peek
            guard byte == 0x2C || byte == 0x5D else { throw cursor.unexpected() }
            cursor.advance()
            if byte == 0x5D { return }
            cursor.skipWhiteSpace()
        }
    }

    /// The child, from 0, with this name. Publishers keep the order of members, so the search
    /// begins after the one found last.
    @inline(__always)
    private func child(of node: Node, named name: JSONText, guess: Int) -> Int? {
        let count = name.end - name.start
        let word = cursor.prefixWord(start: name.start, length: count)
        let childCount = node.pointee.childCount
        // The tree made the range: firstChild + childCount <= the number of nodes.
        let children = nodes + node.pointee.firstChild
        var place = guess < childCount ? guess : 0
        var rest = childCount
        while rest > 0 {
            let candidate = children + place
            if name.isEscaped {
                if isEqual(name, to: candidate) { return place }
            } else if candidate.pointee.nameWord == word && candidate.pointee.nameCount == count
                && (count <= 8 || tailIsEqual(name, to: candidate))
            {
                return place
            }
            place = place + 1 < childCount ? place + 1 : 0
            rest -= 1
        }
        return nil
    }

    private func tailIsEqual(_ name: JSONText, to node: Node) -> Bool {
        let start = node.pointee.nameStart
        for index in 8..<node.pointee.nameCount
        where cursor.byte(at: name.start + index) != names[start + index] {
            return false
        }
        return true
    }

    /// Compares an escaped name byte by byte; half a surrogate pair is equal to nothing.
    private func isEqual(_ name: JSONText, to node: Node) -> Bool {
        let start = node.pointee.nameStart
        var escapes = JSONUnescaper(name, in: cursor)
        do throws(DecodeError) {
            for index in 0..<node.pointee.nameCount
            where try escapes.next() != names[start + index] {
                return false
            }
            return try escapes.next() == nil
        } catch {
            return false
        }
    }

    /// Marks a node; false when it was reached before.
    @inline(__always)
    private mutating func reach(_ index: Int) -> Bool {
        let bit: UInt64 = 1 << UInt64(index & 63)
        let isNew = reached[index >> 6] & bit == 0
        reached[index >> 6] |= bit
        return isNew
    }

    /// A selected member for the second time: only time and quality survive it, as unusable.
    private mutating func skipRepeated(
        _ node: Node, named name: JSONText, depth: Int
    ) throws(DecodeError) {
        let role = node.pointee.role
        guard !role.has(.value), !role.has(.unit), node.pointee.childCount == 0 else {
            throw DecodeError(.duplicateMember, at: name.start)
        }
        try cursor.skipJSONValue(depth: depth)
        if role.has(.time) { setTime(nil) }
        if role.has(.quality) { quality = .unusable }
    }

    // MARK: Values

    @inline(__always)
    private mutating func take(
        _ number: DecimalNumber, for node: Node, into buffer: inout ReadingBuffer
    ) throws(DecodeError) {
        if node.pointee.role.has(.value) {
            let value = try number.double(in: cursor)
            try append(.number(value), field: node.pointee.field, at: number.start, into: &buffer)
        }
        if node.pointee.role.has(.time) { setTime(number.timestamp(unit: timeUnit)) }
        if node.pointee.role.has(.quality) {
            quality = .written(
                ByteSlice(
                    start: number.start, count: number.end - number.start, isInScratch: false))
        }
        if node.pointee.role.has(.unit) { throw DecodeError(.unitNotText, at: number.start) }
    }

    private mutating func take(
        _ text: JSONText, at start: Int, for node: Node, into buffer: inout ReadingBuffer
    ) throws(DecodeError) {
        let role = node.pointee.role
        let slice: ByteSlice
        do throws(DecodeError) {
            slice = try self.slice(of: text, in: &buffer)
        } catch {
            // Time and quality that cannot be read are marks on the sample, no end of it.
            guard !role.has(.value) && !role.has(.unit) else { throw error }
            if role.has(.time) { setTime(nil) }
            if role.has(.quality) { quality = .unusable }
            return
        }
        if role.has(.value) {
            valuePlace = start
            if slice.count > 0 {
                try append(.word(slice), field: node.pointee.field, at: start, into: &buffer)
            }
        }
        if role.has(.unit) && slice.count > 0 { common.unit = slice }
        if role.has(.quality) { quality = .written(slice) }
        guard role.has(.time) else { return }
        do throws(TimeTextError) {
            setTime(try RFC3339.parse(buffer.bytes(of: slice, in: payload)))
        } catch {
            setTime(nil)
        }
    }

    /// The bytes a text stands for: in the payload, in scratch memory where it has escapes.
    @inline(__always)
    private func slice(
        of text: JSONText, in buffer: inout ReadingBuffer
    ) throws(DecodeError) -> ByteSlice {
        if text.isEscaped { return try buffer.unescape(text, from: cursor) }
        guard text.end - text.start <= DecodeLimits.textBytes else {
            throw DecodeError(.textTooLong, at: text.start)
        }
        return ByteSlice(start: text.start, count: text.end - text.start, isInScratch: false)
    }

    private mutating func take(
        _ literal: JSONLiteral, at start: Int, for node: Node,
        into buffer: inout ReadingBuffer
    ) throws(DecodeError) {
        if node.pointee.role.has(.value) { valuePlace = start }
        // null says that there is none, of whatever is asked for.
        guard literal != .null else { return }
        if node.pointee.role.has(.value) {
            let word = ByteSlice(start: start, count: cursor.position - start, isInScratch: false)
            try append(.word(word), field: node.pointee.field, at: start, into: &buffer)
        }
        if node.pointee.role.has(.time) { setTime(nil) }
        if node.pointee.role.has(.quality) {
            quality = .written(
                ByteSlice(start: start, count: cursor.position - start, isInScratch: false))
        }
        if node.pointee.role.has(.unit) { throw DecodeError(.unitNotText, at: start) }
    }

    /// An object or array where a pointer ends; the cursor stands before it.
    private mutating func takeContainer(for node: Node) throws(DecodeError) {
        guard node.pointee.role.rawValue != 0 else { return }
        if node.pointee.role.has(.value) {
            valuePlace = cursor.position
            guard takesMembers else { throw DecodeError(.notANumber, at: cursor.position) }
        }
        if node.pointee.role.has(.unit) { throw DecodeError(.unitNotText, at: cursor.position) }
        if node.pointee.role.has(.time) { setTime(nil) }
        if node.pointee.role.has(.quality) { quality = .unusable }
    }

    private mutating func takeMember(
        named name: JSONText, into buffer: inout ReadingBuffer
    ) throws(DecodeError) {
        let number = try cursor.jsonNumber()
        let field = try slice(of: name, in: &buffer)
        try refuseRepeated(field, at: name.start, in: buffer)
        try append(
            .number(try number.double(in: cursor)), field: field, at: number.start, into: &buffer)
    }

    /// Most payloads have fewer members than bits, so that most names are new at the first look.
    private mutating func refuseRepeated(
        _ field: ByteSlice, at place: Int, in buffer: borrowing ReadingBuffer
    ) throws(DecodeError) {
        let name = buffer.bytes(of: field, in: payload)
        let bit: UInt64 = 1 << (TopicTable.hash(name) >> 58)
        defer { memberBits |= bit }
        guard memberBits & bit != 0 else { return }
        for index in 0..<buffer.count {
            guard let other = buffer[index].field, other.count == field.count else { continue }
            let bytes = buffer.bytes(of: other, in: payload)
            if bytes.elementsEqual(name) { throw DecodeError(.duplicateMember, at: place) }
        }
    }

    @inline(__always)
    private func append(
        _ value: ReadingValue, field: ByteSlice?, at place: Int, into buffer: inout ReadingBuffer
    ) throws(DecodeError) {
        let reading = Reading(value, field: field)
        guard buffer.append(reading) else { throw DecodeError(.tooManyValues, at: place) }
    }

    // MARK: Time

    private var payload: UnsafeRawBufferPointer {
        // The cursor's own invariant: base points at `count` readable bytes.
        UnsafeRawBufferPointer(start: cursor.base, count: cursor.count)
    }

    @inline(__always)
    private mutating func setTime(_ time: Timestamp?) {
        common.time = time
        common.flags = SampleFlags(rawValue: time == nil ? SampleFlags.badTime.rawValue : 0)
    }
}

/// Where a payload tells its quality.
enum SelectedQuality {
    case absent
    case written(ByteSlice)
    /// An array or object: no word at all.
    case unusable
}

extension Reading {
    /// A reading whose time, unit and quality are set when the payload has been read.
    init(_ value: ReadingValue, field: ByteSlice?) {
        self.field = field
        self.value = value
        time = nil
        unit = nil
        quality = .good
        switch value {
        case .number: flags = SampleFlags(rawValue: 0)
        case .word: flags = SampleFlags(rawValue: SampleFlags.word.rawValue)
        }
        qualityUnknown = false
    }
}
