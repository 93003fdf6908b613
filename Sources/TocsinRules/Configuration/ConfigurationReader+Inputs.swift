import TocsinDecode
import TocsinModel

/// `broker` and `decode`: where frames come from and how they are read.
extension ConfigurationReader {
    func brokers(
        _ parent: inout MappingReader, siteID: String
    ) -> [TocsinConfiguration.Broker] {
        let nodes = parent.list("broker", required: true) ?? []
        if nodes.isEmpty, let node = parent.node["broker"], node.sequence != nil {
            diagnostics.error(at: node.range, "`broker` is an empty list")
        }
        let brokers = nodes.compactMap { broker($0, siteID: siteID) }
        var seen: Set<[String]> = []
        for broker in brokers {
            let identity = [broker.host, String(broker.port), broker.clientID]
            guard !seen.insert(identity).inserted else { continue }
            diagnostics.error(
                at: broker.place, "the same broker with the same `client_id` twice",
                help: "a broker disconnects the first of two clients with one identifier")
        }
        return brokers
    }

    private func broker(_ node: YAMLNode, siteID: String) -> TocsinConfiguration.Broker? {
        guard var reader = MappingReader(node, name: "`broker`", reporting: diagnostics) else {
            return nil
        }
        let url = reader.text("url", required: true)
        let address = url.flatMap { brokerAddress($0) }
        let isEncrypted = address?.scheme == "mqtts"
        var broker = TocsinConfiguration.Broker(
            url: url?.text ?? "", host: address?.host ?? "",
            port: address?.port ?? (isEncrypted ? 8883 : 1883), isEncrypted: isEncrypted,
            clientID: reader.string("client_id") ?? "tocsin-\(siteID)",
            subscribe: topicFilters(&reader, "subscribe"), place: node.range)
        broker.version = reader.word("version", among: ["3.1.1", "5"]) ?? broker.version
        broker.qos = reader.integer("qos", in: 0...1) ?? broker.qos
        broker.username = reader.string("username")
        broker.passwordFile = secret(&reader, "password_file")
        if broker.passwordFile != nil, reader.node["username"] == nil {
            diagnostics.error(
                at: reader.keyRange("password_file"), "a password needs `username`")
        }
        if var tls = reader.mapping("tls") {
            broker.tls = self.tls(&tls)
            if address != nil, !isEncrypted {
                diagnostics.error(
                    at: reader.keyRange("tls"), "`tls` has no effect with mqtt://",
                    help: "write mqtts:// in `url`")
            }
        }
        reader.finish()
        return broker
    }

    private func brokerAddress(_ url: YAMLText) -> NetworkAddress? {
        do throws(NetworkAddress.Problem) {
            return try NetworkAddress(
                url: url.text, schemes: ["mqtt", "mqtts"], authorityOnly: true)
        } catch {
            diagnostics.error(at: url.node.range, "`url` \(error.message)", help: error.help)
            return nil
        }
    }

    private func tls(_ reader: inout MappingReader) -> TocsinConfiguration.TLS {
        let tls = TocsinConfiguration.TLS(
            ca: reader.string("ca").map(resolved),
            certificate: reader.string("certificate").map(resolved),
            key: secret(&reader, "key"))
        if (tls.certificate == nil) != (tls.key == nil) {
            diagnostics.error(
                at: reader.node.range, "`certificate` and `key` belong together",
                help: "write both or neither")
        }
        reader.finish()
        return tls
    }

    /// A required list of MQTT topic filters, the wrong ones reported and left out.
    func topicFilters(_ reader: inout MappingReader, _ key: String) -> [String] {
        let texts = reader.texts(key, required: true) ?? []
        if texts.isEmpty, let node = reader.node[key], node.sequence?.isEmpty == true {
            diagnostics.error(
                at: node.range, "`\(key)` names no topic", help: "write [\"plant/#\"]")
        }
        return texts.filter(isTopicFilter).map(\.text)
    }

    func isTopicFilter(_ text: YAMLText) -> Bool {
        do throws(TopicFilterError) {
            _ = try TopicFilter(parsing: text.text)
            return true
        } catch {
            let offset = scalarOffset(ofByte: error.offset, in: text.text)
            diagnostics.error(
                at: text.node.range(ofTextAt: offset), "not a topic filter: \(error.message)")
            return false
        }
    }

    func decode(_ parent: inout MappingReader) -> [TocsinConfiguration.Decode] {
        (parent.list("decode", required: true) ?? []).compactMap { decodeEntry($0) }
    }

    private func decodeEntry(_ node: YAMLNode) -> TocsinConfiguration.Decode? {
        guard
            var reader = MappingReader(
                node, name: "an entry of `decode`", reporting: diagnostics)
        else { return nil }
        var entry = TocsinConfiguration.Decode(
            topics: topicFilters(&reader, "topics"), place: node.range)
        entry.format =
            reader.word("format", among: DecodeFormat.allCases.map(\.rawValue))
            .flatMap(DecodeFormat.init(rawValue:)) ?? entry.format
        entry.valueAt = pointers(reader.texts("value_at") ?? [])
        entry.timeAt = reader.text("time_at").flatMap { pointers([$0]).first }
        entry.unitAt = reader.text("unit_at").flatMap { pointers([$0]).first }
        entry.qualityAt = reader.text("quality_at").flatMap { pointers([$0]).first }
        entry.timeUnit =
            reader.word("time_unit", among: TimeUnit.allCases.map(\.rawValue))
            .flatMap(TimeUnit.init(rawValue:)) ?? entry.timeUnit
        if let unit = reader.text("unit") {
            entry.unit = unit.text
            if UnitTable.standard.find(unit.text) == nil {
                diagnostics.error(
                    at: unit.node.range, "the unit `\(unit.text)` is not known",
                    help: UnitSuggestion.help(for: unit.text))
            }
        }
        entry.testPrefix = testPrefix(&reader, default: entry.testPrefix)
        reader.finish()
        return entry
    }

    /// `test: false` = no topic is test traffic, `true` = the default prefix, else the prefix.
    private func testPrefix(
        _ reader: inout MappingReader, default standard: String?
    ) -> String? {
        guard let text = reader.text("test") else { return standard }
        if let flag = NumberText.truth(text.text) { return flag ? DecodeRule.testPrefix : nil }
        let isPrefix = text.text.hasSuffix("/") && !text.text.contains { "#+".contains($0) }
        if !isPrefix {
            diagnostics.error(
                at: text.node.range, "`test` must be true, false or the beginning of a topic",
                help: "a beginning ends with `/`, such as \(DecodeRule.testPrefix)")
        }
        return text.text
    }

    private func pointers(_ texts: [YAMLText]) -> [String] {
        texts.filter { text in
            do throws(JSONPointer.SyntaxError) {
                _ = try JSONPointer(parsing: text.text)
                return true
            } catch {
                let offset = scalarOffset(ofByte: error.offset, in: text.text)
                diagnostics.error(at: text.node.range(ofTextAt: offset), error.message)
                return false
            }
        }.map(\.text)
    }

    private func scalarOffset(ofByte offset: Int, in text: String) -> Int {
        let index =
            text.utf8.index(
                text.startIndex, offsetBy: offset, limitedBy: text.endIndex) ?? text.endIndex
        return text.unicodeScalars.distance(from: text.startIndex, to: index)
    }
}

/// Help for a unit that is not in the table.
enum UnitSuggestion {
    static func help(for text: String) -> String {
        let names = UnitTable.standard.units.flatMap { [$0.symbol] + $0.aliases }
        if let same = names.first(where: { $0.lowercased() == text.lowercased() }) {
            return "did you mean `\(same)`?"
        }
        return nearestName(text, among: names).map { "did you mean `\($0)`?" }
            ?? "units are written like ppm, %LEL, °C, kPa, mA, m/s"
    }
}
