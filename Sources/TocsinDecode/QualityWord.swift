// The words that sensors and gateways write for quality, in the field's English and Chinese, and
// the numbers of OPC (192 good, 64 uncertain, 0 bad). A word that stands in no table counts as bad:
// an unknown word must not turn a faulty sensor into a good one. Single letters are left to the
// configuration, because they mean different things to different makers.

package import TocsinModel

/// What a quality word says: a quality, or good with a flag.
package enum QualityMeaning: String, Sendable, CaseIterable {
    case good, bad, inhibited, over, under

    package var quality: Quality {
        switch self {
        case .good, .over, .under: .good
        case .bad: .bad
        case .inhibited: .inhibited
        }
    }

    package var flags: SampleFlags {
        switch self {
        // Written as raw bits: a set literal of another module's type is built at run time.
        case .good, .bad, .inhibited: SampleFlags(rawValue: 0)
        case .over: SampleFlags(rawValue: SampleFlags.over.rawValue)
        case .under: SampleFlags(rawValue: SampleFlags.under.rawValue)
        }
    }
}

/// The quality words of one decode rule. ASCII letters match in any case, `_` and a space as `-`.
package struct QualityVocabulary: Sendable {
    private struct Entry {
        var start: Int
        var count: Int
        var meaning: QualityMeaning
    }

    private var text: [UInt8] = []
    private var entries: [Entry] = []

    /// The built-in words; `additions` win over them. Search order is the order here, so the words
    /// that arrive with every sample stand first.
    package init(additions: [(word: String, meaning: QualityMeaning)] = []) {
        for addition in additions { add(addition.word, addition.meaning) }
        for (meaning, words) in Self.builtIn {
            for word in words.split(separator: " ") { add(word, meaning) }
        }
    }

    private static let builtIn: [(QualityMeaning, String)] = [
        (.good, "good ok 1 true normal valid 192 healthy measuring 正常 有效 良好 好"),
        (
            .bad,
            """
            bad 0 false fault faulty fail failed failure error err invalid broken offline \
            disconnected comm-fault communication-fault no-signal sensor-fault uncertain 64 \
            abnormal 故障 异常 无效 错误 坏 失效 断线 离线 通讯故障 通信故障 传感器故障 可疑
            """
        ),
        (
            .inhibited,
            """
            inhibited inhibit maintenance maint calibration calibrating calibrate cal test testing \
            bypass bypassed override overridden warm-up warmup service 维护 维修 检修 标定 校准 \
            测试 调试 抑制 屏蔽 旁路 预热
            """
        ),
        (.over, "over over-range overrange over-scale 超量程 超上限 上溢"),
        (.under, "under under-range underrange under-scale 超下限 下溢 低于量程 欠量程"),
    ]

    private mutating func add(_ word: some StringProtocol, _ meaning: QualityMeaning) {
        let start = text.count
        text += word.utf8.map(Self.folded)
        entries.append(Entry(start: start, count: text.count - start, meaning: meaning))
    }

    @inline(__always)
    private static func folded(_ byte: UInt8) -> UInt8 {
        byte == 0x20 || byte == 0x5F ? 0x2D : ASCII.lowercased(byte)
    }

    /// The meaning of a word (white space around it is skipped); nil when it is in no table.
    package func meaning(of word: UnsafeRawBufferPointer) -> QualityMeaning? {
        var first = 0
        var last = word.count
        while first < last && ASCII.isSpace(word[first]) { first += 1 }
        while last > first && ASCII.isSpace(word[last - 1]) { last -= 1 }
        for entry in entries where entry.count == last - first {
            var index = 0
            while index < entry.count
                && text[entry.start + index] == Self.folded(word[first + index])
            {
                index += 1
            }
            if index == entry.count { return entry.meaning }
        }
        return nil
    }
}
