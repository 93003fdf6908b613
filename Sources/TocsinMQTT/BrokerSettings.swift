/// The version of the protocol that a broker is spoken to in.
package enum MQTTVersion: String, Sendable, CaseIterable {
    case v311 = "3.1.1"
    case v5 = "5"
}

/// Files in PEM; without `ca` the system's certificate store decides. `certificate` and `key` are
/// given together or not at all; an encrypted key is refused, because nobody is there to type.
package struct TLSSettings: Equatable, Sendable {
    package var ca: String?
    package var certificate: String?
    package var key: String?

    package init(ca: String? = nil, certificate: String? = nil, key: String? = nil) {
        self.ca = ca
        self.certificate = certificate
        self.key = key
    }
}

/// One broker as the configuration describes it (contract §8).
package struct BrokerSettings: Equatable, Sendable {
    package var address: BrokerAddress
    package var version = MQTTVersion.v311
    /// Empty only with `cleanSession`: then the broker chooses.
    package var clientID = ""
    /// False keeps the session, its subscriptions and its backlog at the broker.
    package var cleanSession = true
    /// How long the broker keeps the session after a lost connection (MQTT 5 only): 7 days.
    package var sessionExpirySeconds: UInt32 = 7 * 86_400
    /// 0 or 1, for every filter of `subscribe`.
    package var qos: UInt8 = 1
    /// Filters whose frames are the daemon's input.
    package var subscribe: [String] = []
    /// Filters whose frames carry `isWatch`; each begins with `$`, so that one look at the first
    /// byte tells other frames apart. Subscribed with QoS 0.
    package var watch: [String] = []
    package var username: String?
    package var password: String?
    /// Nil means none; `mqtts://` without it uses the system's certificate store.
    package var tls: TLSSettings?
    /// At least 5 s (the library's limit).
    package var keepAliveSeconds: UInt16 = 30
    /// QoS 1 frames the broker may send ahead of our acknowledgements (MQTT 5; a 3.1.1 broker has
    /// its own setting). Well above a batch of 64, so that the next batch is already on its way.
    package var receiveMaximum: UInt16 = 1024
    /// Messages that may be published and not yet acknowledged.
    package var sendMaximum: UInt16 = 1024
    package var backOff = BackOff.Limits()
    /// From opening the connection to the broker's answer, in milliseconds: TCP, TLS and CONNACK.
    package var connectTimeoutMilliseconds: Int64 = 10_000

    package init(address: BrokerAddress) { self.address = address }

    /// Settings for a URL; QoS 1 with a client identifier keeps its session (contract §8).
    package init(
        url: String, clientID: String = "", version: MQTTVersion = .v311, qos: UInt8 = 1,
        subscribe: [String] = []
    ) throws(MQTTError) {
        address = try BrokerAddress(parsing: url)
        self.clientID = clientID
        self.version = version
        self.qos = qos
        self.subscribe = subscribe
        cleanSession = qos == 0 || clientID.isEmpty
    }

    /// Throws the first setting that the protocol or the library would refuse.
    package func check() throws(MQTTError) {
        guard qos <= 1 else {
            throw .badSetting(name: "qos", problem: "\(qos) is neither 0 nor 1; use 1")
        }
        guard keepAliveSeconds >= 5 else {
            throw .badSetting(name: "keep_alive", problem: "\(keepAliveSeconds) s is under 5 s")
        }
        guard receiveMaximum > 0, sendMaximum > 0 else {
            throw .badSetting(name: "receive_maximum", problem: "must be at least 1")
        }
        guard cleanSession || !clientID.isEmpty else {
            throw .badSetting(
                name: "client_id", problem: "is empty; a persistent session needs a fixed one")
        }
        guard password == nil || username != nil else {
            throw .badSetting(name: "password_file", problem: "is set without username")
        }
        guard tls == nil || address.isEncrypted else {
            throw .badSetting(name: "tls", problem: "is set, but the URL is mqtt://; use mqtts://")
        }
        guard (tls?.certificate == nil) == (tls?.key == nil) else {
            throw .badSetting(name: "tls", problem: "certificate and key go together")
        }
        try checkText()
    }

    // The library takes C strings: a zero byte would silently cut one.
    private func checkText() throws(MQTTError) {
        let texts: [(name: String, text: String)] =
            [("client_id", clientID), ("username", username ?? "")]
            + [("password_file", password ?? "")] + (subscribe + watch).map { ("subscribe", $0) }
        for (name, text) in texts {
            guard !text.utf8.contains(0), text.utf8.count <= 65_535 else {
                throw .badSetting(name: name, problem: "has a zero byte or over 65535 bytes")
            }
        }
        for filter in subscribe + watch {
            guard TopicFilter.isValid(filter) else {
                throw .badSetting(
                    name: "subscribe",
                    problem: "\"\(filter)\" is no filter: + stands for a whole level, # for the "
                        + "rest and only at the end")
            }
        }
        if let filter = watch.first(where: { !$0.utf8.starts(with: "$".utf8) }) {
            throw .badSetting(name: "watch", problem: "\"\(filter)\" does not begin with $")
        }
    }
}
