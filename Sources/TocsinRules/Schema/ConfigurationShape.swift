import TocsinDecode
import TocsinModel

/// What the configuration holds (contract §8).
enum ConfigurationShape {
    static let file = FileMapping(
        "the configuration",
        [
            FileKey("site", .mapping(site), required: true, "The installation."),
            FileKey(
                "broker", .oneOrMore(.mapping(broker)), required: true,
                "The MQTT broker, or a list of them."),
            FileKey(
                "decode", .oneOrMore(.mapping(decode)), required: true,
                "How payloads are read: the first entry whose topics match."),
            FileKey(
                "rules", .oneOrMore(.text), required: true,
                "Files and folders of packs; of folders all *.yaml below."),
            FileKey("inventory", .text, "The table of sensors, set-points and places, CSV."),
            FileKey("state", .text, "The folder of cursors and rule sets."),
            FileKey(
                "alert_log",
                .mapping(
                    FileMapping(
                        "`alert_log`",
                        [FileKey("path", .text, required: true, "The newest file of the log.")])),
                "The alert log."),
            FileKey("webhooks", .oneOrNone(.mapping(webhook)), "Receivers of events."),
            FileKey("http", .mapping(http), "The console, the API and /metrics."),
            FileKey("limits", .mapping(limits), "Bounds of memory, work and time."),
        ])

    private static let site = FileMapping(
        "`site`",
        [
            FileKey(
                "id", .called("^[^\\s/]+$"), required: true,
                "Part of every event's identity: never change it."),
            FileKey("name", .text, "For people."),
            FileKey("latitude", .number, "Degrees north; with longitude or not at all."),
            FileKey("longitude", .number, "Degrees east."),
            FileKey("crs", .word(CoordinateSystem.names), "The coordinates' system."),
            FileKey(
                "utc_offset", .pattern("^(Z|[-+－＋][0-9０-９]{2}[:：][0-9０-９]{2})$"),
                "Of the local times in events, +08:00."),
        ])

    private static let broker = FileMapping(
        "`broker`",
        [
            FileKey(
                "url", .pattern("^[Mm][Qq][Tt][Tt][Ss]?://"), required: true, "mqtts:// for TLS."),
            FileKey("version", .word(["3.1.1", "5"]), "MQTT's version."),
            FileKey("client_id", .text, "Default: tocsin- and the site's id."),
            FileKey(
                "qos", .integer(0...1), "With 1 the broker keeps what comes while we are away."),
            FileKey("subscribe", .oneOrMore(.text), required: true, "Topic filters."),
            FileKey("username", .text, "For a broker that asks."),
            FileKey("password_file", .text, "A file that others cannot read."),
            FileKey(
                "tls",
                .mapping(
                    FileMapping(
                        "`tls`",
                        [
                            FileKey("ca", .text, "PEM; default: the system's authorities."),
                            FileKey("certificate", .text, "The client's own, PEM."),
                            FileKey("key", .text, "Its key; a file that others cannot read."),
                        ])),
                "Files for mqtts://."),
        ])

    private static let decode = FileMapping(
        "an entry of `decode`",
        [
            FileKey("topics", .oneOrMore(.text), required: true, "Topic filters."),
            FileKey("format", .word(DecodeFormat.allCases.map(\.rawValue)), "Default: json."),
            FileKey(
                "value_at", .oneOrMore(.text), "JSON Pointers; several give one stream each."),
            FileKey("time_at", .text, "A JSON Pointer; without it the time of arrival."),
            FileKey(
                "time_unit", .word(TimeUnit.allCases.map(\.rawValue)), "Of numeric times."),
            FileKey("unit_at", .text, "A JSON Pointer to the unit."),
            FileKey("unit", .text, "The unit of payloads that name none."),
            FileKey("quality_at", .text, "A JSON Pointer to the quality."),
            FileKey("test", .text, "Topics that begin so give mode `test`; false: none do."),
        ])

    private static let url = FileShape.pattern("^[Hh][Tt][Tt][Pp][Ss]?://[^\\s]+$")

    private static let webhook = FileMapping(
        "an entry of `webhooks`",
        [
            FileKey(
                "name", .called("^[A-Za-z0-9_-][A-Za-z0-9._-]{0,63}$"), required: true,
                "Names its place in the log: unique."),
            FileKey("url", url, required: true, "Where events are posted."),
            FileKey("secret_file", .text, "whsec_ and base64 of 24 to 64 bytes; signs requests."),
            FileKey(
                "format", .word(TocsinConfiguration.Webhook.formats), "How an event is written."),
            FileKey("match", .mapping(match), "Which events it gets; default: all."),
            FileKey("timeout", .duration, "How long an answer may take; default 10s."),
            FileKey("proxy", url, "An HTTP proxy."),
            FileKey("ca", .text, "PEM; default: the system's authorities."),
            FileKey("accept_test", .truth, "Gets events of mode test too."),
        ])

    private static let match = FileMapping(
        "`match`",
        [
            FileKey("priority_at_least", .word(RulesShape.priorities), "This and above."),
            FileKey(
                "class", .oneOrMore(.word(AlarmClass.allCases.map(\.word))), "Of these classes."),
            FileKey("domain", .oneOrMore(.text), "Of these domains."),
            FileKey("stream", .oneOrMore(.text), "Topic filters on the stream's name."),
        ])

    private static let http = FileMapping(
        "`http`",
        [
            FileKey("listen", .pattern(":[0-9]+$"), "Address and port."),
            FileKey("users_file", .text, "Tokens and their owners."),
            FileKey("token_file", .text, "One token."),
            FileKey("behind_proxy", .truth, "A reverse proxy speaks for others."),
        ])

    private static let limits = FileMapping(
        "`limits`",
        [
            FileKey("payload", .bytes, "A larger message is rejected."),
            FileKey("streams", .integer(1...4_000_000), "The most streams."),
            FileKey("future", .duration, "Later times are not believed."),
            FileKey("lateness", .duration, "How long a deadline waits for late samples."),
            FileKey(
                "samples_per_window", .integer(16...1_048_576),
                "History of streams without `every`."),
            FileKey(
                "memory", .bytes,
                "What rings, windows and states may take; rules that ask more are refused."),
            FileKey(
                "evaluations", .integer(1...1_000_000_000),
                "Conditions a second; rules that ask more are refused."),
        ])
}
