// One pass over a JSON payload: everything is checked, what the rule's pointers reach is taken.
//
// - The value is a number, a text (a state word), true or false (the words `true`, `false`).
// - An object where the one value should be gives its numeric members, one reading each; members
//   that other pointers take, nested objects, texts and null are no readings.
// - null is a missing value. Of several `value_at`, those present are read.
// - A selected member that stands twice makes the frame ambiguous: it is rejected, because readers
//   disagree on which one counts (RFC 8259 §4). Members nobody asked for may repeat.
// - An unusable time never removes a sample (contract §8): it becomes a flag.

import TocsinModel

struct JSONSelection {
    private let decoder: PayloadDecoder
    private let nodes: UnsafeBufferPointer<SelectionNode>
    private let names: UnsafeBufferPointer<UInt8>
    private var cursor: ByteCursor
    private var common = CommonParts()
    /// Bit n of these 256: node n was reached.
    private var reached = SIMD4<UInt64>()
    /// One bit per hash of a member's name: while clear, the name is new.
    private var memberBits: UInt64 = 0
    /// Where the last value that is no number stands, for the error's place.
    private var valuePlace = 0

    init(
        decoder: PayloadDecoder, nodes: UnsafeBufferPointer<SelectionNode>,
        names: UnsafeBufferPointer<UInt8>, cursor: ByteCursor
    ) {
        self.decoder = decoder
        self.nodes = nodes
        self.names = names
        self.cursor = cursor
    }

    mutating func run(into buffer: inout ReadingBuffer) throws(DecodeError) {
        cursor.skipWhiteSpace()
        try value(of: 0, depth: 0, into: &buffer)
        cursor.skipWhiteSpace()
        guard cursor.isAtEnd else { throw DecodeError(.trailingBytes, at: cursor.position) }
        guard buffer.count > 0 else { throw DecodeError(.noValue, at: valuePlace) }
        if common.unit == nil { common.unit = decoder.unit }
        buffer.complete(with: common)
    }

    private mutating func value(
        of index: Int, depth: Int, into buffer: inout ReadingBuffer
    ) throws(DecodeError) {
        // index < nodes.count: it is 0 or comes from `child`, whose range the tree made.
        let node = nodes[index]
        switch cursor.peek {
        case 0x22:
            let start = cursor.position
            let text = try cursor.jsonText()
            if !node.role.isEmpty { try take(text, at: start, for: node, into: &buffer) }
        case 0x2D, 0x30...0x39:
            let number = try cursor.jsonNumber()
            if !node.role.isEmpty { try take(number, for: node, into: &buffer) }
        case 0x7B:
            try takeContainer(for: node)
            try object(node, depth: depth, into: &buffer)
        case 0x5B:
            if node.role.contains(.value) { throw DecodeError(.notANumber, at: cursor.position) }
            try takeContainer(for: node)
            try array(node, depth: depth, into: &buffer)
        default:
            let start = cursor.position
            let literal = try cursor.jsonLiteral()
            if !node.role.isEmpty { try take(literal, at: start, for: node, into: &buffer) }
        }
    }

    // MARK: Containers

    private mutating func object(
        _ node: SelectionNode, depth: Int, into buffer: inout ReadingBuffer
    ) throws(DecodeError) {
        guard depth < DecodeLimits.depth else {
            throw DecodeError(.tooDeep, at: cursor.position)
        }
        let takesMembers = node.role.contains(.value)
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
            if node.childCount > 0, let place = child(of: node, named: name, guess: guess) {
                guess = place + 1
                try reach(node.firstChild + place, at: name.start)
                try value(of: node.firstChild + place, depth: depth + 1, into: &buffer)
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
        _ node: SelectionNode, depth: Int, into buffer: inout ReadingBuffer
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
            var selected: Int?
            for index in node.firstChild..<node.firstChild + node.childCount
            where nodes[index].arrayIndex == element {
                selected = index
            }
            if let index = selected {
                try value(of: index, depth: depth + 1, into: &buffer)
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
    private func child(of node: SelectionNode, named name: JSONText, guess: Int) -> Int? {
        let count = name.end - name.start
        let word = cursor.prefixWord(start: name.start, length: count)
        var place = guess < node.childCount ? guess : 0
        for _ in 0..<node.childCount {
            let candidate = nodes[node.firstChild + place]
            if name.isEscaped {
                if isEqual(name, to: candidate) { return place }
            } else if candidate.nameCount == count && candidate.nameWord == word
                && (count <= 8 || tailIsEqual(name, to: candidate))
            {
                return place
            }
            place = place + 1 < node.childCount ? place + 1 : 0
        }
        return nil
    }

    private func tailIsEqual(_ name: JSONText, to node: SelectionNode) -> Bool {
        for index in 8..<node.nameCount
        where cursor.byte(at: name.start + index) != names[node.nameStart + index] {
            return false
        }
        return true
    }

    /// Compares an escaped name byte by byte; half a surrogate pair is equal to nothing.
    private func isEqual(_ name: JSONText, to node: SelectionNode) -> Bool {
        var escapes = JSONUnescaper(name, in: cursor)
        do throws(DecodeError) {
            for index in 0..<node.nameCount
            where try escapes.next() != names[node.nameStart + index] {
                return false
            }
            return try escapes.next() == nil
        } catch {
            return false
        }
    }

    @inline(__always)
    private mutating func reach(_ index: Int, at place: Int) throws(DecodeError) {
        let bit: UInt64 = 1 << UInt64(index & 63)
        guard reached[index >> 6] & bit == 0 else {
            throw DecodeError(.duplicateMember, at: place)
        }
        reached[index >> 6] |= bit
    }

    // MARK: Values

    private mutating func take(
        _ number: DecimalNumber, for node: SelectionNode, into buffer: inout ReadingBuffer
    ) throws(DecodeError) {
        if node.role.contains(.value) {
            let value = try number.double(in: cursor)
            try append(.number(value), field: node.field, at: number.start, into: &buffer)
        }
        if node.role.contains(.time) { setTime(number.timestamp(unit: decoder.timeUnit)) }
        if node.role.contains(.quality) { setQuality(start: number.start, end: number.end) }
        if node.role.contains(.unit) { throw DecodeError(.unitNotText, at: number.start) }
    }

    private mutating func take(
        _ text: JSONText, at start: Int, for node: SelectionNode, into buffer: inout ReadingBuffer
    ) throws(DecodeError) {
        let slice: ByteSlice
        if text.isEscaped {
            slice = try buffer.unescape(text, from: cursor)
        } else {
            guard text.end - text.start <= DecodeLimits.textBytes else {
                throw DecodeError(.textTooLong, at: start)
            }
            slice = ByteSlice(
                start: text.start, count: text.end - text.start, isInScratch: false)
        }
        if node.role.contains(.value) {
            valuePlace = start
            if slice.count > 0 { try append(.word(slice), field: node.field, at: start, into: &buffer) }
        }
        if node.role.contains(.unit) && slice.count > 0 { common.unit = slice }
        guard !node.role.isDisjoint(with: [.time, .quality]) else { return }
        let bytes = buffer.bytes(of: slice, in: payload)
        if node.role.contains(.time) {
            do throws(TimeTextError) {
                setTime(try RFC3339.parse(bytes))
            } catch {
                setTime(nil)
            }
        }
        if node.role.contains(.quality) { setQuality(decoder.qualities.meaning(of: bytes)) }
    }

    private mutating func take(
        _ literal: JSONLiteral, at start: Int, for node: SelectionNode,
        into buffer: inout ReadingBuffer
    ) throws(DecodeError) {
        if node.role.contains(.value) { valuePlace = start }
        // null says that there is none, of whatever is asked for.
        guard literal != .null else { return }
        if node.role.contains(.value) {
            let word = ByteSlice(start: start, count: cursor.position - start, isInScratch: false)
            try append(.word(word), field: node.field, at: start, into: &buffer)
        }
        if node.role.contains(.time) { setTime(nil) }
        if node.role.contains(.quality) { setQuality(start: start, end: cursor.position) }
        if node.role.contains(.unit) { throw DecodeError(.unitNotText, at: start) }
    }

    /// An object or array where a pointer ends; the cursor stands before it.
    private mutating func takeContainer(for node: SelectionNode) throws(DecodeError) {
        guard !node.role.isEmpty else { return }
        if node.role.contains(.value) {
            valuePlace = cursor.position
            guard decoder.takesMembers else { throw DecodeError(.notANumber, at: cursor.position) }
        }
        if node.role.contains(.unit) { throw DecodeError(.unitNotText, at: cursor.position) }
        if node.role.contains(.time) { setTime(nil) }
        if node.role.contains(.quality) { setQuality(nil) }
    }

    private mutating func takeMember(
        named name: JSONText, into buffer: inout ReadingBuffer
    ) throws(DecodeError) {
        let number = try cursor.jsonNumber()
        let field: ByteSlice
        if name.isEscaped {
            field = try buffer.unescape(name, from: cursor)
        } else {
            guard name.end - name.start <= DecodeLimits.textBytes else {
                throw DecodeError(.textTooLong, at: name.start)
            }
            field = ByteSlice(start: name.start, count: name.end - name.start, isInScratch: false)
        }
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

    // MARK: Time and quality

    private var payload: UnsafeRawBufferPointer {
        // The cursor's own invariant: base points at `count` readable bytes.
        UnsafeRawBufferPointer(start: cursor.base, count: cursor.count)
    }

    @inline(__always)
    private mutating func setTime(_ time: Timestamp?) {
        common.time = time
        common.flags.remove(.noTime)
        if time == nil { common.flags.insert(.badTime) }
    }

    private mutating func setQuality(start: Int, end: Int) {
        setQuality(
            decoder.qualities.meaning(of: UnsafeRawBufferPointer(rebasing: payload[start..<end])))
    }

    private mutating func setQuality(_ meaning: QualityMeaning?) {
        common.quality = meaning?.quality ?? .bad
        common.flags.formUnion(meaning?.flags ?? [])
        common.qualityUnknown = meaning == nil
    }
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
        case .number: flags = []
        case .word: flags = .word
        }
        qualityUnknown = false
    }
}
