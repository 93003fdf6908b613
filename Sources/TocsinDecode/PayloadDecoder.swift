// Payload bytes -> readings. A decoder is a compiled rule: it never changes, so one serves any
// number of threads, each with its own `ReadingBuffer`. `decode` allocates nothing.

import TocsinModel

/// A decode rule, compiled.
package final class PayloadDecoder: Sendable {
    package let filter: TopicFilter
    package let format: DecodeFormat
    /// The topics carry test traffic, see `DecodeRule.testPrefix`.
    package let isTest: Bool
    let limits: DecodeLimits
    let timeUnit: TimeUnit
    let qualities: QualityVocabulary
    let tree: SelectionTree
    /// The rule's own texts: the literal unit and the names of the selected values.
    let constants: [UInt8]
    let unit: ByteSlice?
    /// An object where the value should be gives its numeric members, one stream each.
    let takesMembers: Bool

    /// Compiles a rule; an error names the key of the entry, the byte in it and the remedy.
    package init(
        _ rule: DecodeRule, limits: DecodeLimits = DecodeLimits()
    ) throws(DecodeRuleError) {
        do throws(TopicFilterError) {
            filter = try TopicFilter(parsing: rule.topics)
        } catch {
            throw DecodeRuleError("topics", offset: error.offset, error.message)
        }
        var parts = RuleParts()
        if rule.format != .json { try RuleParts.refusePointers(of: rule) }
        if let unit = rule.unit {
            self.unit = try parts.constant(unit, key: "unit")
        } else {
            unit = nil
        }
        tree = try parts.tree(of: rule)
        for addition in rule.qualityWords where addition.word.isEmpty {
            throw DecodeRuleError("quality", "an empty quality word means nothing; remove it")
        }
        constants = parts.constants
        format = rule.format
        isTest = rule.test
        timeUnit = rule.timeUnit
        qualities = QualityVocabulary(additions: rule.qualityWords)
        takesMembers = rule.valueAt.count <= 1
        self.limits = limits
    }

    /// Reads one payload into the buffer, overwriting it. After an error the buffer is empty and
    /// the frame counts once as rejected, with the error's reason.
    package func decode(
        _ payload: UnsafeRawBufferPointer, into buffer: inout ReadingBuffer
    ) throws(DecodeError) {
        // `constants` is an immutable array of the decoder that is running: it stays in place.
        constants.withUnsafeBufferPointer { buffer.reset(constants: $0) }
        guard let base = payload.baseAddress, payload.count > 0 else {
            throw DecodeError(.emptyPayload, at: 0)
        }
        guard payload.count <= limits.payloadBytes else {
            throw DecodeError(.payloadTooLong, at: limits.payloadBytes)
        }
        // The payload outlives this call, and the cursor does not outlive it.
        let cursor = ByteCursor(
            base: base.assumingMemoryBound(to: UInt8.self), count: payload.count)
        guard
            !(cursor.byte(at: 0) == 0xEF && cursor.byte(at: 1) == 0xBB
                && cursor.byte(at: 2) == 0xBF)
        else { throw DecodeError(.byteOrderMark, at: 0) }
        do throws(DecodeError) {
            switch format {
            case .json: try decodeJSON(cursor, into: &buffer)
            case .number, .word: try decodePlain(cursor, into: &buffer)
            }
        } catch {
            buffer.discard()
            throw error
        }
    }

    private func decodeJSON(
        _ cursor: ByteCursor, into buffer: inout ReadingBuffer
    ) throws(DecodeError) {
        var common = CommonParts()
        var quality = SelectedQuality.absent
        var failure: DecodeError?
        tree.nodes.withUnsafeBufferPointer { nodes in
            tree.names.withUnsafeBufferPointer { names in
                // Both arrays belong to the immutable decoder and outlive the two closures; there
                // is always the root.
                guard let root = nodes.baseAddress else { return }
                var selection = JSONSelection(
                    nodes: root, names: names, cursor: cursor, timeUnit: timeUnit,
                    takesMembers: takesMembers)
                do throws(DecodeError) {
                    try selection.run(into: &buffer)
                } catch {
                    failure = error
                }
                common = selection.common
                quality = selection.quality
            }
        }
        if let failure { throw failure }
        if common.unit == nil { common.unit = unit }
        switch quality {
        case .absent: break
        case .written(let slice):
            // The payload outlives this call.
            let payload = UnsafeRawBufferPointer(start: cursor.base, count: cursor.count)
            common.set(qualities.meaning(of: buffer.bytes(of: slice, in: payload)))
        case .unusable: common.set(nil)
        }
        buffer.complete(with: common)
    }
}

/// What compiling a rule gathers.
private struct RuleParts {
    /// Half of the scratch memory: the other half is for texts of the payload.
    static let maximumConstantBytes = DecodeLimits.scratchBytes / 2

    var constants: [UInt8] = []

    mutating func constant(
        _ text: String, key: String, index: Int = 0
    ) throws(DecodeRuleError) -> ByteSlice {
        let start = constants.count
        constants += text.utf8
        let count = constants.count - start
        guard count <= DecodeLimits.textBytes else {
            throw DecodeRuleError(
                key, index: index, "longer than \(DecodeLimits.textBytes) bytes; shorten it")
        }
        guard constants.count <= Self.maximumConstantBytes else {
            throw DecodeRuleError(
                key, index: index,
                "names of more than \(Self.maximumConstantBytes) bytes in one entry; split it")
        }
        return ByteSlice(start: start, count: count, isInScratch: true)
    }

    mutating func tree(of rule: DecodeRule) throws(DecodeRuleError) -> SelectionTree {
        var entries: [SelectionTree.Entry] = []
        var fields: [String] = []
        for (index, text) in rule.valueAt.enumerated() {
            var entry = try Self.entry("value_at", index, text, .value)
            if rule.valueAt.count > 1 {
                guard let field = entry.tokens.last, !fields.contains(field) else {
                    throw DecodeRuleError(
                        "value_at", index: index,
                        "each of several pointers needs its own last name: it names the stream")
                }
                fields.append(field)
                entry.field = try constant(field, key: "value_at", index: index)
            }
            entries.append(entry)
        }
        if rule.valueAt.isEmpty { entries.append(try Self.entry("value_at", 0, "", .value)) }
        if let text = rule.timeAt { entries.append(try Self.entry("time_at", 0, text, .time)) }
        if let text = rule.unitAt { entries.append(try Self.entry("unit_at", 0, text, .unit)) }
        if let text = rule.qualityAt {
            entries.append(try Self.entry("quality_at", 0, text, .quality))
        }
        return try SelectionTree(entries)
    }

    private static func entry(
        _ key: String, _ index: Int, _ text: String, _ role: SelectionRole
    ) throws(DecodeRuleError) -> SelectionTree.Entry {
        do throws(JSONPointer.SyntaxError) {
            let tokens = try JSONPointer(parsing: text).tokens
            guard tokens.count <= DecodeLimits.depth else {
                throw JSONPointer.SyntaxError(
                    offset: 0, message: "deeper than \(DecodeLimits.depth) levels")
            }
            return SelectionTree.Entry(
                key: key, index: index, tokens: tokens[...], role: role, field: nil)
        } catch {
            throw DecodeRuleError(key, index: index, offset: error.offset, error.message)
        }
    }

    static func refusePointers(of rule: DecodeRule) throws(DecodeRuleError) {
        let pointers = [
            ("value_at", rule.valueAt.first), ("time_at", rule.timeAt), ("unit_at", rule.unitAt),
            ("quality_at", rule.qualityAt),
        ]
        for (key, text) in pointers where text != nil {
            throw DecodeRuleError(
                key, "`format: \(rule.format.rawValue)` has no members; use `format: json`")
        }
    }
}
