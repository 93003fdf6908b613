import Foundation
import TocsinDecode
import TocsinDelivery
package import TocsinEngine
package import TocsinIngest
import TocsinMQTT
import TocsinModel
package import TocsinRules
package import TocsinStore

/// Configuration, rules and inventory as read from disk at one time, checked together.
package struct LoadedConfiguration: Sendable {
    package var configuration: TocsinConfiguration
    package var ruleSet: RuleSet
    package var decoders: [TopicDecoder]
    /// What is stored under `state/rulesets`.
    package var bundle: RulesetFile
    /// Warnings, rendered.
    package var warnings: String

    /// Reads everything; throws `configuration` with all findings rendered.
    package static func read(
        path: String, environment: [String: String]
    ) throws(DaemonError) -> LoadedConfiguration {
        let (configuration, findings) = ConfigurationReader.read(
            path: path, environment: environment)
        guard let configuration else { throw .configuration(render(findings)) }
        let diagnostics = DiagnosticList()
        let site = Site(configuration.site)
        let day = CalendarDay(
            Timestamp(milliseconds: GatewayClock.wallMilliseconds()),
            utcOffsetMinutes: site.utcOffsetMinutes)
        let loaded = RuleSetLoader.load(
            paths: configuration.rules, inventory: configuration.inventory, site: site,
            options: EngineOptions(configuration.limits), day: day, reporting: diagnostics)
        guard let loaded else { throw .configuration(render(findings + diagnostics.sorted)) }
        let plan = Plan(
            PlanRequest(ruleSet: loaded.makeRuleSet(hash: ""), limits: configuration.limits))
        guard plan.excesses.isEmpty else {
            throw .configuration(render(plan.findings(path: path)))
        }
        let bundle = RulesetFile(name: "bundle", bytes: loaded.bundle.canonicalBytes)
        let hash: String
        do throws(StoreError) {
            hash = "sha256:" + (try RulesetStore.digest(of: [bundle])).hex
        } catch {
            throw .configuration("the rule set cannot be stored: \(error)")
        }
        return LoadedConfiguration(
            configuration: configuration, ruleSet: loaded.makeRuleSet(hash: hash),
            decoders: try decoders(configuration), bundle: bundle,
            warnings: render(findings + diagnostics.sorted))
    }

    private static func render(_ findings: [Diagnostic]) -> String {
        findings.map { $0.rendered }.joined(separator: "\n")
    }

    private static func decoders(
        _ configuration: TocsinConfiguration
    ) throws(DaemonError) -> [TopicDecoder] {
        var decoders: [TopicDecoder] = []
        let limits = DecodeLimits(payloadBytes: configuration.limits.payloadBytes)
        for entry in configuration.decode {
            for topics in entry.topics {
                let rule = DecodeRule(
                    topics: topics, format: entry.format, valueAt: entry.valueAt,
                    timeAt: entry.timeAt, timeUnit: entry.timeUnit, unitAt: entry.unitAt,
                    unit: entry.unit, qualityAt: entry.qualityAt)
                do throws(DecodeRuleError) {
                    let decoder = try PayloadDecoder(rule, limits: limits)
                    decoders.append(TopicDecoder(decoder, testPrefix: entry.testPrefix))
                } catch {
                    throw .configuration("decode: \(topics): \(error.key): \(error.message)")
                }
            }
        }
        return decoders
    }
}

extension BrokerSettings {
    /// A broker of the configuration; its password is read from its file. Below each filter's test
    /// prefix simulators publish: those topics are subscribed as well.
    init(
        _ broker: TocsinConfiguration.Broker, testPrefixes: [String], secrets: SecretFile
    ) throws {
        try self.init(
            url: broker.url, clientID: broker.clientID,
            version: MQTTVersion(rawValue: broker.version) ?? .v311, qos: UInt8(broker.qos),
            subscribe: broker.subscribe)
        for prefix in testPrefixes {
            for filter in broker.subscribe where !filter.hasPrefix(prefix) && filter != "#" {
                subscribe.append(prefix + filter)
            }
        }
        watch = [BrokerBoard.droppedTopic]
        username = broker.username
        if let file = broker.passwordFile {
            let text = String(decoding: try secrets.read(path: file), as: UTF8.self)
            password = text.trimmingCharacters(in: .newlines)
        }
        if broker.tls.ca != nil || broker.tls.certificate != nil {
            tls = TLSSettings(
                ca: broker.tls.ca, certificate: broker.tls.certificate, key: broker.tls.key)
        }
    }
}

extension Receiver {
    init(_ webhook: TocsinConfiguration.Webhook) throws {
        try self.init(name: webhook.name, url: webhook.url)
        if let file = webhook.secretFile { secret = try WebhookSecret(file: file) }
        timeout = webhook.timeout
        proxy = webhook.proxy
        certificateAuthorities = webhook.ca
        acceptTest = webhook.acceptTest
        let wanted = webhook.match
        match = ReceiverMatch(
            priorityAtLeast: wanted.priorityAtLeast,
            classes: wanted.classes.isEmpty ? nil : wanted.classes,
            domains: wanted.domains.isEmpty ? nil : wanted.domains,
            streams: wanted.streams.isEmpty ? nil : wanted.streams)
    }
}
