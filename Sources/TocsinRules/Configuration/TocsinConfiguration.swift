package import TocsinDecode
package import TocsinModel

/// What `/etc/tocsin/tocsin.yaml` says (contract §8), checked, with defaults filled in and paths
/// made absolute against the file's folder.
package struct TocsinConfiguration: Sendable {
    package var site: Site
    /// At least one.
    package var brokers: [Broker]
    /// In order: the first entry whose topics match decodes a frame.
    package var decode: [Decode]
    /// Files and folders of rule packs.
    package var rules: [String]
    package var inventory: String?
    /// The folder of journal, snapshots and rule sets.
    package var state = "/var/lib/tocsin"
    package var alertLog = AlertLog()
    package var webhooks: [Webhook] = []
    package var http = HTTP()
    package var limits = Limits()

    /// The installation: part of every event's identity, hence `id` must never change.
    package struct Site: Sendable, Equatable {
        package var id: String
        package var name: String?
        /// Degrees, north and east positive; both or neither.
        package var latitude: Double?
        package var longitude: Double?
        package var crs = "WGS84"
        package var utcOffsetMinutes = 0
    }

    /// One MQTT broker.
    package struct Broker: Sendable, Equatable {
        /// As written, `mqtt://host:port`.
        package var url: String
        package var host: String
        package var port: UInt16
        /// `mqtts://`
        package var isEncrypted: Bool
        /// `3.1.1` or `5`.
        package var version = "3.1.1"
        package var clientID: String
        /// 0 or 1.
        package var qos = 1
        package var subscribe: [String]
        package var username: String?
        package var passwordFile: String?
        package var tls = TLS()
        /// Where the broker stands in the file, for later findings.
        package var place: SourceRange
    }

    /// PEM files; without `ca` the system's authorities are trusted.
    package struct TLS: Sendable, Equatable {
        package var ca: String?
        package var certificate: String?
        package var key: String?
    }

    /// How the payloads of some topics are read.
    package struct Decode: Sendable {
        /// At least one valid MQTT topic filter.
        package var topics: [String]
        package var format: DecodeFormat = .json
        /// JSON Pointers (RFC 6901); none = the whole payload.
        package var valueAt: [String] = []
        package var timeAt: String?
        package var timeUnit: TimeUnit = .milliseconds
        package var unitAt: String?
        /// The unit of payloads that name none, as in `UnitTable.standard`.
        package var unit: String?
        package var qualityAt: String?
        /// Topics that begin so give mode `test`, the prefix stripped; ends with `/`. Nil: none do.
        package var testPrefix: String? = DecodeRule.testPrefix
        /// Where the entry stands in the file.
        package var place: SourceRange
    }

    package struct AlertLog: Sendable, Equatable {
        package var path = "/var/log/tocsin/alerts.jsonl"

        package init() {}
    }

    /// One receiver of events over HTTP.
    package struct Webhook: Sendable {
        /// Unique; letters, digits, `-`, `_`, `.`: it names the durable cursor's file.
        package var name: String
        package var url: String
        /// Signs the requests; nil sends them unsigned.
        package var secretFile: String?
        package var format = "webhook"
        package var match = Match()
        package var timeout = Span.seconds(10)
        package var proxy: String?
        package var ca: String?
        package var acceptTest = false
        package var place: SourceRange

        /// Formats that receivers understand.
        package static let formats = ["webhook"]
    }

    /// Which events a receiver wants; empty or nil criteria accept all, and all must accept.
    package struct Match: Sendable, Equatable {
        package var priorityAtLeast: Priority?
        package var classes: [AlarmClass] = []
        package var domains: [String] = []
        /// MQTT filters on the stream's name.
        package var streams: [String] = []
    }

    package struct HTTP: Sendable, Equatable {
        package var host = "127.0.0.1"
        package var port: UInt16 = 8686
        /// Tokens and their owners; a listen beyond loopback needs it or `tokenFile`.
        package var usersFile: String?
        package var tokenFile: String?
        package var isBehindProxy = false

        package init() {}
    }

    /// Bounds with the contract's defaults.
    package struct Limits: Sendable, Equatable {
        /// Bytes of one payload; a larger frame is rejected.
        package var payloadBytes = 256 << 10
        package var streams = 100_000
        /// A sample further in the future than this is evaluated at its arrival time.
        package var future = Span.seconds(60)
        /// How long a deadline waits for later samples on the gateway's clock.
        package var lateness = Span(milliseconds: 500)
        /// A ring's capacity where a stream has no `every`.
        package var samplesPerWindow = 4096
        /// Bytes of rings, windows and states that the rules may ask for (`tocsin plan`); what asks
        /// for more is not started.
        package var memoryBytes = 512 << 20
        /// Conditions a second that the rules may ask for. The default is half of what one core of
        /// the machine of docs/PERFORMANCE.md did: 2 conditions a sample in 517 ns.
        package var evaluations = 2_000_000

        package init() {}
    }
}
