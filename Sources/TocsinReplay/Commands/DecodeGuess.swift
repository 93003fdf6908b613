import TocsinDecode
package import TocsinIngest

/// How frames are decoded when nobody says: a replay without a configuration.
package enum DecodeGuess {
    /// An object with a member `v` is read as `{"v":…,"ts":…,"u":…,"q":…}`, the shape that
    /// `simulate` publishes; anything else as a whole: a number, a word, or an object whose numeric members are one stream each. The first frame decides.
    package static func decoders(for frame: FrameLine) -> [TopicDecoder] {
        var rule = DecodeRule(topics: "#")
        if hasValueMember(frame.payload) {
            rule.valueAt = ["/v"]
            rule.timeAt = "/ts"
            rule.unitAt = "/u"
            rule.qualityAt = "/q"
        }
        do throws(DecodeRuleError) {
            return [
                TopicDecoder(try PayloadDecoder(rule), testPrefix: DecodeRule.testPrefix)
            ]
        } catch {
            preconditionFailure("the guessed rule is well-formed: \(error.message)")
        }
    }

    private static func hasValueMember(_ payload: [UInt8]) -> Bool {
        var probe = DecodeRule(topics: "#")
        probe.valueAt = ["/v"]
        var buffer = ReadingBuffer()
        do {
            try payload.withUnsafeBytes { bytes in
                // The payload lives until the call returns.
                try PayloadDecoder(probe).decode(bytes, into: &buffer)
            }
            return buffer.count > 0
        } catch {
            // No JSON object with a value under `v`, for whatever reason.
            return false
        }
    }
}
