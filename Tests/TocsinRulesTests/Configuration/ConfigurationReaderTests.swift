import Glibc
import Testing
import TocsinDecode
import TocsinModel
import TocsinRules

/// The least that is a configuration; tests add to it.
let leastConfiguration = """
    site: {id: g1}
    broker: {url: mqtt://127.0.0.1, subscribe: ["plant/#"]}
    decode: [{topics: "plant/#"}]
    rules: [rules.d]

    """

func readConfiguration(
    _ text: String, _ environment: [String: String] = [:]
) -> (configuration: TocsinConfiguration?, found: [String]) {
    let file = SourceFile(path: "/etc/tocsin/tocsin.yaml", text: text)
    let (configuration, found) = ConfigurationReader.read(file, environment: environment)
    return (
        configuration,
        found.map { found in
            let path = found.path == "environment" ? "environment:" : ""
            return "\(path)\(found.line):\(found.column) \(found.message)"
                + (found.help.map { " | \($0)" } ?? "")
        }
    )
}

@Suite("Configuration")
struct ConfigurationReaderTests {
    @Test("The contract's example is read whole")
    func contractExample() throws {
        let text = """
            site: {id: gateway-07, name: "东区罐区", latitude: 28.23, longitude: 112.93, utc_offset: "+08:00"}
            broker:                              # one, or a list
              url: mqtt://127.0.0.1:1883         # mqtts:// for TLS
              version: "3.1.1"                   # or "5"
              client_id: tocsin-gateway-07       # with QoS 1 persistent
              qos: 1
              subscribe: ["plant/#"]
            decode:
              - {topics: "plant/#", format: json, value_at: /v, time_at: /ts, unit_at: /u}
            rules: [/usr/share/tocsin/rules/hazchem, /etc/tocsin/rules.d]   # folders: all *.yaml
            inventory: /etc/tocsin/inventory.csv
            state: /var/lib/tocsin
            alert_log: {path: /var/log/tocsin/alerts.jsonl}
            webhooks:
              - {name: duty-room, url: "https://alarms.example/hook"}
            http: {listen: 127.0.0.1:8686}
            limits: {payload: 256KiB, streams: 100000, future: 60s, lateness: 500ms}
            """
        let read = readConfiguration(text)
        let configuration = try #require(read.configuration)
        // The secret file of the contract's example is not on the test machine.
        #expect(read.found.map { $0.prefix(22) } == ["15:5 without `secret_f"])
        #expect(configuration.site.name == "东区罐区")
        #expect(configuration.site.utcOffsetMinutes == 480)
        #expect(configuration.brokers.map(\.host) == ["127.0.0.1"])
        #expect(configuration.brokers.map(\.port) == [1883])
        #expect(configuration.decode.map(\.valueAt) == [["/v"]])
        #expect(configuration.decode.map(\.testPrefix) == ["tocsin-test/"])
        #expect(configuration.webhooks.map(\.name) == ["duty-room"])
        #expect(configuration.limits == TocsinConfiguration.Limits())
    }

    @Test("Defaults are filled in and relative paths count from the file's folder")
    func defaults() throws {
        let read = readConfiguration(leastConfiguration + "inventory: ./sensors.csv\n")
        let configuration = try #require(read.configuration)
        #expect(read.found.isEmpty)
        #expect(configuration.rules == ["/etc/tocsin/rules.d"])
        #expect(configuration.inventory == "/etc/tocsin/sensors.csv")
        #expect(configuration.state == "/var/lib/tocsin")
        #expect(configuration.alertLog.path == "/var/log/tocsin/alerts.jsonl")
        #expect(configuration.brokers.map(\.clientID) == ["tocsin-g1"])
        #expect(configuration.brokers.map(\.qos) == [1])
        #expect(configuration.http == TocsinConfiguration.HTTP())
    }

    @Test("The template of `tocsin init` is a configuration without findings")
    func template() {
        let read = readConfiguration(ConfigurationTemplate.text)
        #expect(read.configuration != nil)
        #expect(read.found.isEmpty)
    }

    @Test("The template's commented keys are valid too")
    func templateUncommented() {
        let text = ConfigurationTemplate.text.split(
            separator: "\n", omittingEmptySubsequences: false
        )
        .map { line in
            guard let hash = line.firstIndex(of: "#"), line[..<hash].allSatisfy({ $0 == " " })
            else { return String(line) }
            let rest = line[hash...].dropFirst(2)
            let isKey = rest.drop { $0 == " " || $0 == "-" }.prefix { $0 != ":" }
                .allSatisfy { $0.isLowercase || $0 == "_" }
            return isKey && rest.contains(":") ? line[..<hash] + String(rest) : ""
        }.joined(separator: "\n")
        let found = readConfiguration(text).found
        // The secret files are not there, and `tls` needs mqtts://.
        #expect(found.filter { $0.contains("/etc/tocsin/secrets/") }.count == 4)
        #expect(found.filter { $0.contains("`tls` has no effect") }.count == 1)
        #expect(found.count == 5, "\(found)")
    }

    @Test("Several brokers, several pointers and a receiver's criteria")
    func lists() throws {
        let read = readConfiguration(
            """
            site: {id: g1}
            broker:
              - {url: "mqtts://[::1]", subscribe: plant/#, version: 5, qos: 0}
              - {url: mqtt://b.example:1884/, client_id: x, subscribe: [a/+, "$share/g/b/#"]}
            decode:
              - {topics: [a/+, b/#], format: json, value_at: [/t, /h], time_unit: s, unit: ％LEL, test: false}
              - {topics: "c", test: drill/, quality_at: /q}
            rules: rules.d
            webhooks:
              - {name: a, url: "http://127.0.0.1:9/x?y", proxy: "http://p:3128",
                 timeout: 3s, accept_test: on,
                 match: {priority_at_least: high, class: [alarm, early-warning],
                   domain: fire, stream: "a/#"}}
            """)
        let configuration = try #require(read.configuration, "\(read.found)")
        #expect(configuration.brokers.map(\.port) == [8883, 1884])
        #expect(configuration.brokers.map(\.isEncrypted) == [true, false])
        #expect(configuration.brokers.map(\.subscribe) == [["plant/#"], ["a/+", "$share/g/b/#"]])
        #expect(configuration.decode.map(\.valueAt) == [["/t", "/h"], []])
        #expect(configuration.decode.map(\.timeUnit) == [.seconds, .milliseconds])
        #expect(configuration.decode.map(\.testPrefix) == [nil, "drill/"])
        let webhook = try #require(configuration.webhooks.first)
        #expect(webhook.acceptTest)
        #expect(webhook.timeout == Span.seconds(3))
        #expect(webhook.match.priorityAtLeast == .high)
        #expect(webhook.match.classes == [.alarm, .earlyWarning])
        #expect(webhook.match.domains == ["fire"])
    }

    @Test("A file that is not there says so")
    func missingFile() {
        let (configuration, found) = ConfigurationReader.read(
            path: "/nonexistent/tocsin.yaml", environment: [:])
        #expect(configuration == nil)
        #expect(found.map(\.message) == ["cannot be read: No such file or directory"])
    }

    @Test("An empty file names what is missing")
    func emptyFile() {
        #expect(
            readConfiguration("").found == [
                "1:1 the configuration needs `broker`", "1:1 the configuration needs `decode`",
                "1:1 the configuration needs `rules`", "1:1 the configuration needs `site`",
            ])
    }
}
