import TocsinDecode
import TocsinModel

/// `webhooks`: where events go.
extension ConfigurationReader {
    func webhooks(_ parent: inout MappingReader) -> [TocsinConfiguration.Webhook] {
        var names: Set<String> = []
        return (parent.list("webhooks") ?? []).compactMap { webhook($0, names: &names) }
    }

    private func webhook(
        _ node: YAMLNode, names: inout Set<String>
    ) -> TocsinConfiguration.Webhook? {
        guard
            var reader = MappingReader(
                node, name: "an entry of `webhooks`", reporting: diagnostics)
        else { return nil }
        let name = reader.text("name", required: true)
        if let name { check(name, names: &names) }
        let url = httpURL(&reader, "url", required: true)
        var webhook = TocsinConfiguration.Webhook(
            name: name?.text ?? "", url: url ?? "", place: node.range)
        webhook.secretFile = secret(&reader, "secret_file")
        webhook.format =
            reader.word("format", among: TocsinConfiguration.Webhook.formats) ?? webhook.format
        webhook.timeout =
            reader.duration("timeout", in: Span.seconds(1)...Span.seconds(300)) ?? webhook.timeout
        webhook.proxy = httpURL(&reader, "proxy", required: false)
        webhook.ca = reader.string("ca").map(resolved)
        webhook.acceptTest = reader.bool("accept_test") ?? webhook.acceptTest
        if var match = reader.mapping("match") { webhook.match = self.match(&match) }
        reader.finish()
        if reader.node["secret_file"] == nil {
            diagnostics.warning(
                at: node.range,
                "without `secret_file` the receiver cannot tell our events from others'",
                help: "put whsec_ and the base64 of 24 to 64 random bytes into a file of mode 600")
        }
        return webhook
    }

    private func check(_ name: YAMLText, names: inout Set<String>) {
        let isPlain = name.text.utf8.allSatisfy { byte in
            (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte)
                || (0x61...0x7A).contains(byte) || "-_.".utf8.contains(byte)
        }
        if !isPlain || name.text.hasPrefix(".") || name.text.utf8.count > 64 {
            diagnostics.error(
                at: name.node.range,
                "a receiver's name is 1 to 64 letters, digits, `-`, `_` or `.`",
                help: "it names a file, so it does not begin with `.`")
        }
        if !names.insert(name.text).inserted {
            diagnostics.error(
                at: name.node.range, "two receivers are named `\(name.text)`",
                help: "each keeps its own place in the alert log, by name")
        }
    }

    private func httpURL(_ reader: inout MappingReader, _ key: String, required: Bool) -> String? {
        guard let text = reader.text(key, required: required) else { return nil }
        do throws(NetworkAddress.Problem) {
            _ = try NetworkAddress(
                url: text.text, schemes: ["https", "http"], authorityOnly: false)
        } catch {
            diagnostics.error(at: text.node.range, "`\(key)` \(error.message)", help: error.help)
        }
        if text.text.unicodeScalars.contains(where: { $0.value <= 0x20 || $0.value == 0x7F }) {
            diagnostics.error(
                at: text.node.range, "`\(key)` holds a blank", help: "write %20 for a blank")
        }
        return text.text
    }

    private func match(_ reader: inout MappingReader) -> TocsinConfiguration.Match {
        var match = TocsinConfiguration.Match()
        let priorities = Priority.allCases.reversed().map(\.word)
        match.priorityAtLeast =
            reader.word("priority_at_least", among: priorities).flatMap { Priority(word: $0) }
        for text in reader.texts("class") ?? [] {
            if let found = AlarmClass(word: text.text) {
                match.classes.append(found)
            } else {
                let words = AlarmClass.allCases.map(\.word)
                diagnostics.error(
                    at: text.node.range, "`\(text.text)` is no class",
                    help: nearestName(text.text, among: words).map { "did you mean `\($0)`?" }
                        ?? "one of: " + words.joined(separator: ", "))
            }
        }
        match.domains = (reader.texts("domain") ?? []).map(\.text)
        match.streams = (reader.texts("stream") ?? []).filter(isTopicFilter).map(\.text)
        reader.finish()
        return match
    }
}
