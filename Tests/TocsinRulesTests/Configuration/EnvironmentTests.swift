import Glibc
import Testing
import TocsinRules

@Suite("Environment and secrets")
struct EnvironmentTests {
    @Test("Any scalar can be set from the environment, inside lists too")
    func overrides() throws {
        let read = readConfiguration(
            leastConfiguration + "webhooks: [{name: a, url: http://h, format: xml}]\n",
            [
                "TOCSIN_SITE__NAME": "East: #1", "TOCSIN_BROKER__URL": "mqtts://b.example",
                "TOCSIN_WEBHOOKS__0__FORMAT": "webhook", "TOCSIN_RULES__1": "/more",
                "TOCSIN_LIMITS__PAYLOAD": "1MiB", "TOCSIN_HTTP__LISTEN": "127.0.0.1:1",
                "TOCSIN_BROKER__SUBSCRIBE__0": "site/#", "TOCSIN_TARGETS": "x", "PATH": "/bin",
            ])
        let configuration = try #require(read.configuration, "\(read.found)")
        #expect(configuration.site.name == "East: #1")
        #expect(configuration.brokers.map(\.url) == ["mqtts://b.example"])
        #expect(configuration.brokers.map(\.subscribe) == [["site/#"]])
        #expect(configuration.rules == ["/etc/tocsin/rules.d", "/more"])
        #expect(configuration.limits.payloadBytes == 1 << 20)
        #expect(configuration.http.port == 1)
    }

    @Test("A variable that matches nothing or holds nonsense is an error that shows it")
    func wrongVariables() {
        let table: [(String, String, String)] = [
            (
                "TOCSIN_SITE__NMAE", "x",
                "environment:1:1 unknown key `nmae` in `site` | did you mean `name`?"
            ),
            ("TOCSIN_BROKERS__0", "x", "environment:1:1 unknown key `brokers`"),
            ("TOCSIN_FOO", "x", "environment:1:1 unknown key `foo`"),
            ("TOCSIN_", "x", "environment:1:1 `TOCSIN_` is no path of keys"),
            ("TOCSIN_SITE____ID", "x", "environment:1:1 `TOCSIN_SITE____ID` is no path"),
            ("TOCSIN_SITE", "x", "environment:1:1 `TOCSIN_SITE` names a mapping, not a value"),
            (
                "TOCSIN_RULES__7", "x",
                "environment:1:1 `TOCSIN_RULES__7` names item 7, but the list has 1"
            ),
            ("TOCSIN_RULES__X", "x", "environment:1:1 `TOCSIN_RULES__X` goes into a list"),
            ("TOCSIN_SITE__ID__X", "x", "environment:1:1 `TOCSIN_SITE__ID__X` goes into `g1`"),
            ("TOCSIN_LIMITS__STREAMS", "many", "environment:1:24 `streams` must be a whole number"),
            ("TOCSIN_SITE__LATITUDE", "", "environment:1:1 `latitude` has no value"),
        ]
        for (name, value, expected) in table {
            let read = readConfiguration(leastConfiguration, [name: value])
            #expect(read.configuration == nil)
            #expect(read.found.first?.hasPrefix(expected) == true, "\(read.found)")
        }
    }

    @Test("A secret that others can read is refused with the remedy; systemd's are trusted")
    func secrets() throws {
        var template = Array("/tmp/tocsin-secret-XXXXXX".utf8CString)
        let made = template.withUnsafeMutableBufferPointer { buffer in
            buffer.baseAddress.map { mkdtemp($0) != nil } ?? false
        }
        try #require(made)
        let folder = String(
            decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        let path = folder + "/duty"
        defer {
            unlink(path)
            rmdir(folder)
        }
        let descriptor = open(path, O_CREAT | O_WRONLY, 0o600)
        try #require(descriptor >= 0)
        close(descriptor)
        let text =
            leastConfiguration + "webhooks: [{name: a, url: http://h, secret_file: \(path)}]\n"
        #expect(readConfiguration(text).found.isEmpty)
        chmod(path, 0o640)
        #expect(
            readConfiguration(text).found == [
                "5:50 `\(path)`: others can read or write it (mode 0640) | chmod 600 \(path)"
            ])
        #expect(readConfiguration(text, ["CREDENTIALS_DIRECTORY": folder]).found.isEmpty)
        let byName = text.replacing(path, with: "\"${CREDENTIALS_DIRECTORY}/duty\"")
        let read = readConfiguration(byName, ["CREDENTIALS_DIRECTORY": folder])
        #expect(read.configuration?.webhooks.map(\.secretFile) == [path])
        #expect(readConfiguration(byName).found.first?.contains("no credentials") == true)
        unlink(path)
        #expect(readConfiguration(text).found.first?.contains("No such file") == true)
    }
}
