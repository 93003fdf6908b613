import Testing
import TocsinRules

@Suite("Mistakes in a configuration")
struct ConfigurationMistakeTests {
    /// Each line replaces the line of `leastConfiguration` with the same first key, or is added.
    @Test(
        "Each mistake is reported once, at its place",
        arguments: [
            ("site: {id: a b}", "1:12 `id` must hold no blank"),
            ("site: {id: ''}", "1:12 `id` is empty"),
            ("site: {id: ' '}", "1:12 `id` must hold no blank"),
            ("site: {name: x}", "1:7 `site` needs `id`"),
            ("site: {id: g, latitude: 91, longitude: 1}", "1:25 `latitude` must be between"),
            ("site: {id: g, latitude: 9}", "1:7 `latitude` and `longitude` belong together"),
            ("site: {id: g, latitude: north, longitude: 1}", "1:25 `latitude` must be a number"),
            ("site: {id: g, utc_offset: +8}", "1:27 `utc_offset` must be an offset"),
            ("site: {id: g, utc_offset: +08:60}", "1:27 `utc_offset` must be an offset"),
            ("site: {id: g, crs: WSG84}", "1:20 `WSG84` is no valid crs | did you mean `WGS84`?"),
            ("site: {id: g, nmae: x}", "1:15 unknown key `nmae` in `site` | did you mean `name`?"),
            ("site: g1", "1:7 `site` must be a mapping"),
            ("site: {id: g, name: }", "1:15 `name` has no value"),
            ("broker: {url: tcp://h, subscribe: a}", "2:15 `url` must begin with mqtt://"),
            ("broker: {url: h:1883, subscribe: a}", "2:15 `url` must begin with mqtt://"),
            ("broker: {url: mqtt://h/x, subscribe: a}", "2:15 `url` has a path"),
            ("broker: {url: mqtt://u:p@h, subscribe: a}", "2:15 `url` holds a user"),
            ("broker: {url: mqtt://h:0, subscribe: a}", "2:15 `url` has no port between"),
            ("broker: {url: mqtt://h:99999, subscribe: a}", "2:15 `url` has no port between"),
            ("broker: {url: 'mqtt://', subscribe: a}", "2:15 `url` names no host"),
            ("broker: {url: 'mqtt://::1', subscribe: a}", "2:15 `url` is an IPv6 address"),
            ("broker: {url: 'mqtt://[::1', subscribe: a}", "2:15 `url` has `[` without"),
            ("broker: {url: mqtt://h}", "2:9 `broker` needs `subscribe`"),
            ("broker: {url: mqtt://h, subscribe: []}", "2:36 `subscribe` names no topic"),
            ("broker: {url: mqtt://h, subscribe: [a/#/b]}", "2:39 not a topic filter"),
            ("broker: {url: mqtt://h, subscribe: ['a/b+']}", "2:41 not a topic filter"),
            ("broker: {url: mqtt://h, subscribe: ['罐/b+']}", "2:41 not a topic filter"),
            ("broker: {url: mqtt://h, subscribe: [{a: 1}]}", "2:37 each item of `subscribe`"),
            ("broker: {url: mqtt://h, subscribe: a, qos: 2}", "2:44 `qos` must be between 0 and 1"),
            ("broker: {url: mqtt://h, subscribe: a, version: 4}", "2:48 `4` is no valid version"),
            ("broker: {url: mqtt://h, subscribe: a, clientid: x}", "2:39 unknown key `clientid`"),
            ("broker: {url: mqtt://h, subscribe: a, tls: {ca: x}}", "2:39 `tls` has no effect"),
            (
                "broker: {url: mqtts://h, subscribe: a, tls: {certificate: x}}",
                "2:45 `certificate` and"
            ),
            ("broker: {url: mqtt://h, subscribe: a, password: x}", "2:39 unknown key `password`"),
            ("broker: []", "2:9 `broker` is an empty list"),
            (
                "broker: [{url: mqtt://h, subscribe: a}, {url: mqtt://h, subscribe: b}]",
                "2:41 the same"
            ),
            (
                "decode: [{topics: a, format: jsn}]",
                "3:30 `jsn` is no valid format | did you mean `json`?"
            ),
            ("decode: [{topics: a, value_at: v}]", "3:32 a JSON Pointer begins with `/`"),
            ("decode: [{topics: a, value_at: /v~2}]", "3:34 `~` is written ~0"),
            ("decode: [{topics: a, unit: ppx}]", "3:28 the unit `ppx` is not known | did you mean"),
            (
                "decode: [{topics: a, unit: PPM}]",
                "3:28 the unit `PPM` is not known | did you mean `ppm`?"
            ),
            ("decode: [{topics: a, time_unit: sec}]", "3:33 `sec` is no valid time_unit"),
            ("decode: [{topics: a, test: maybe}]", "3:28 `test` must be true, false or"),
            ("decode: [{format: json}]", "3:10 an entry of `decode` needs `topics`"),
            ("decode: [{topics: a, valueat: /v}]", "3:22 unknown key `valueat`"),
            ("rules: []", "4:8 no rules: nothing would be watched"),
            ("rules: [a, '']", "4:12 the path is empty"),
            ("alert_log: {path: ''}", "5:19 the path is empty"),
            ("rules: {a: 1}", "4:8 each item of `rules` must be text"),
            ("inventory: [a]", "5:12 `inventory` must be text, found a list"),
            ("state: ", "5:1 `state` has no value"),
            ("alert_log: /var/log/x", "5:12 `alert_log` must be a mapping"),
            ("alert_log: {}", "5:12 `alert_log` needs `path`"),
            (
                "webhooks: [{name: a b, url: http://h, secret_file: /n}]",
                "5:19 a receiver's name is"
            ),
            (
                "webhooks: [{name: a, url: ftp://h, secret_file: /n}]",
                "5:27 `url` must begin with https"
            ),
            (
                "webhooks: [{name: a, url: 'http://h/x y', secret_file: /n}]",
                "5:27 `url` holds a blank"
            ),
            (
                "webhooks: [{name: a, url: http://h, secret_file: /n, timeout: 0s}]",
                "5:63 `timeout` must be"
            ),
            (
                "webhooks: [{name: a, url: http://h, secret_file: /n, format: xml}]",
                "5:62 `xml` is no valid format"
            ),
            (
                "webhooks: [{name: a, url: http://h, secret_file: /n, match: {class: alram}}]",
                "5:69 `alram` is no class | did you mean `alarm`?"
            ),
            (
                "webhooks: [{name: a, url: http://h, secret_file: /n, match: {priority: high}}]",
                "5:62 unknown key `priority`"
            ),
            (
                "webhooks: [{url: http://h, secret_file: /n}]",
                "5:12 an entry of `webhooks` needs `name`"
            ),
            ("http: {listen: 0.0.0.0:8686}", "5:16 others can reach `0.0.0.0:8686`"),
            ("http: {listen: '127.evil.example:1'}", "5:16 others can reach"),
            ("http: {listen: 127.0.0.1:1, behind_proxy: yes}", "5:16 others can reach"),
            ("http: {listen: 127.0.0.1}", "5:16 `listen` has no port"),
            (
                "http: {listne: 127.0.0.1:1}",
                "5:8 unknown key `listne` in `http` | did you mean `listen`?"
            ),
            ("limits: {payload: 256KB}", "5:19 `payload` must be a size in bytes"),
            ("limits: {payload: 9TiB}", "5:19 `payload` must be between"),
            ("limits: {streams: 0}", "5:19 `streams` must be between"),
            ("limits: {future: 1 minute}", "5:18 `future` must be a duration"),
            ("limits: {lateness: 2m}", "5:20 `lateness` must be between 0s and 1m"),
            ("limits: {samples: 1}", "5:10 unknown key `samples`"),
            (
                "brokers: []",
                "5:1 unknown key `brokers` in the configuration | did you mean `broker`?"
            ),
            ("site: {id: twice}\nsite: {id: g1}", "2:1 `site` stands twice"),
        ])
    func mistake(line: String, expected: String) {
        let key = line.prefix { $0 != ":" }
        var lines = leastConfiguration.split(separator: "\n").map(String.init)
        if let index = lines.firstIndex(where: { $0.hasPrefix(key + ":") }) {
            lines[index] = line
        } else {
            lines.append(line)
        }
        let read = readConfiguration(lines.joined(separator: "\n") + "\n")
        #expect(read.configuration == nil)
        let others = read.found.filter { !$0.contains("`/n`") }
        #expect(others.count == 1, "\(read.found)")
        #expect(others.first?.hasPrefix(expected) == true, "\(read.found)")
    }

    @Test("A second document is refused")
    func secondDocument() {
        let found = readConfiguration(leastConfiguration + "---\na: 1\n").found
        #expect(
            found.map { $0.prefix(34) }
                == ["6:1 the configuration is one docume"].map { $0.prefix(34) })
    }

    @Test("Golden: a mistyped key as a terminal shows it")
    func golden() {
        let file = SourceFile(
            path: "/etc/tocsin/tocsin.yaml",
            text: leastConfiguration.replacing("id: g1", with: "id: g1, name: 东区, lattitude: 1"))
        let (_, found) = ConfigurationReader.read(file, environment: [:])
        #expect(
            found.map(\.rendered).joined() == """
                /etc/tocsin/tocsin.yaml:1:26: error: unknown key `lattitude` in `site`
                  site: {id: g1, name: 东区, lattitude: 1}
                                             ^~~~~~~~~
                  help: did you mean `latitude`?

                """)
    }

    @Test("A mutated configuration never crashes the reader", arguments: [1, 2, 3] as [UInt64])
    func mutations(seed: UInt64) {
        var random = SplitMix(seed: seed)
        let pieces: [[UInt8]] = [
            "{", "}", "[", "]", ": ", "\n", "\t", "#", "&a ", "*a", "- ", "\"", "'", "|", ">", "%",
            "---\n", "\u{FEFF}", "：", "\r", "<<: ", "? ",
        ].map { Array($0.utf8) }
        for _ in 0..<120 {
            var bytes = Array(ConfigurationTemplate.text.utf8)
            for _ in 0..<(1 + random.next() % 6) {
                let position = Int(random.next() % UInt64(bytes.count))
                switch random.next() % 4 {
                case 0: bytes[position] = UInt8(truncatingIfNeeded: random.next())
                case 1: bytes.remove(at: position)
                case 2:
                    let piece = pieces[Int(random.next() % UInt64(pieces.count))]
                    bytes.insert(contentsOf: piece, at: position)
                default: bytes.removeSubrange(position..<min(bytes.count, position + 40))
                }
            }
            let list = DiagnosticList()
            guard let stream = YAMLReader.read(bytes, path: "t", reporting: list) else {
                #expect(list.hasErrors, "seed \(seed)")
                continue
            }
            let (configuration, found) = ConfigurationReader.read(stream.file, environment: [:])
            // Nothing read means something said.
            #expect(configuration != nil || !found.isEmpty, "seed \(seed)")
            #expect(found.allSatisfy { !$0.rendered.isEmpty })
        }
    }
}

/// SplitMix64: a small seeded generator for repeatable mutations.
struct SplitMix {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
