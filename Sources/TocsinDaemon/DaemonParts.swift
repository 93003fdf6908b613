import Foundation
import Logging
import TocsinConsole
import TocsinDelivery
import TocsinEngine
import TocsinMQTT
import TocsinModel
import TocsinRules
import TocsinStore

/// Everything that runs, put together and not yet started.
final class DaemonParts {
    let shared: SharedState
    let notifier: ServiceNotifier
    private let state: StateDirectory
    private let log: AlertLog
    private let deliverers: Deliverers
    private let live = LiveFeed()
    private let console: ConsoleServer
    private let requests: Mailbox<SequencerRequest>
    private let sequencer: Sequencer
    private let engine: EngineThread
    private let logger: LogThread
    private let restore: AlarmRestore
    private let damage: String?
    private let waker: Waker
    private var threads: [DaemonThread] = []

    init(
        _ loaded: LoadedConfiguration, environment: [String: String], journald: Journald
    ) throws {
        let configuration = loaded.configuration
        notifier = ServiceNotifier(environment: environment)
        state = try StateDirectory(path: configuration.state)
        _ = try state.rulesets.store([loaded.bundle])
        try DaemonParts.makeFolder(of: configuration.alertLog.path)
        let opened = try OpenedLog.open(path: configuration.alertLog.path)
        log = opened.log
        damage = opened.damage
        if let damage { journald.log(.critical, "the alert log is damaged: \(damage)") }
        if log.opening.cutBytes > 0 {
            journald.log(
                .warning,
                "the alert log ended in a torn line of \(log.opening.cutBytes) bytes, "
                    + "kept in \(log.opening.cutPath ?? "-")")
        }
        restore = opened.restore
        let shared = SharedState(
            brokerNames: configuration.brokers.map { "\($0.host):\($0.port)" },
            logPath: configuration.alertLog.path, journald: journald)
        self.shared = shared
        let requests = Mailbox<SequencerRequest>()
        self.requests = requests
        let secrets = SecretFile(credentials: environment["CREDENTIALS_DIRECTORY"])
        let prefixes = Set(configuration.decode.compactMap(\.testPrefix)).sorted()
        sequencer = try Sequencer(
            settings: try configuration.brokers.map {
                try BrokerSettings($0, testPrefixes: prefixes, secrets: secrets)
            },
            ruleSet: loaded.ruleSet, decoders: loaded.decoders, shared: shared,
            requests: requests)
        let waker = sequencer.waker
        self.waker = waker
        let report: @Sendable (Input) -> Void = { input in
            if requests.put(.input(input)) { waker.wake() }
        }
        let head = log.head
        var seed = SystemRandomNumberGenerator()
        let state = self.state
        deliverers = try Deliverers(
            try configuration.webhooks.map { try Receiver($0) }, logPath: shared.logStats.path,
            head: head, cursorPath: { state.cursorPath(receiver: $0) }, version: Daemon.version,
            seed: seed.next(),
            report: { DaemonParts.receiverSaid($0, journald: journald, report: report) })
        engine = EngineThread(
            ruleSet: loaded.ruleSet,
            start: Timestamp(milliseconds: GatewayClock.wallMilliseconds()), shared: shared,
            rings: sequencer.rings)
        logger = LogThread(
            log: log, deliverers: deliverers, live: live, shared: shared, report: report)
        console = try DaemonParts.console(
            configuration, shared: shared, deliverers: deliverers, live: live,
            sequencer: sequencer, requests: requests, secrets: secrets, environment: environment)
    }

    private static func makeFolder(of path: String) throws {
        try FileManager.default.createDirectory(
            atPath: parentDirectory(of: path), withIntermediateDirectories: true)
    }

    private static func receiverSaid(
        _ said: LaneReport, journald: Journald, report: @Sendable (Input) -> Void
    ) {
        switch said {
        case .failing(let receiver, _, let reason, let text):
            journald.log(.error, "receiver \(receiver) fails (\(reason.rawValue)): \(text)")
            report(
                .system(
                    .deliveryFailing,
                    note: EventNote(reason: "\(reason.rawValue): \(text)", subject: receiver)))
        case .recovered(let receiver, let failures, let downFor):
            journald.log(.notice, "receiver \(receiver) is back after \(downFor.text)")
            report(
                .system(
                    .deliveryRecovered,
                    note: EventNote(
                        reason: "\(failures) attempts failed in \(downFor.text)",
                        subject: receiver)))
        case .unreadable(let receiver, let seq, let reason):
            journald.log(
                .error, reason: "unreadable",
                "receiver \(receiver): entry \(seq.map { String($0) } ?? "-") is unreadable: "
                    + reason)
        case .troubled(let error):
            journald.log(.error, reason: "outbox", "\(error)")
        }
    }

    /// Puts a request to the sequencer; false when its box is full.
    @discardableResult
    func request(_ request: SequencerRequest) -> Bool {
        guard requests.put(request) else { return false }
        waker.wake()
        return true
    }

    /// Stores a rule set durably before it comes into force.
    func store(_ loaded: LoadedConfiguration) throws(DaemonError) {
        do throws(StoreError) {
            _ = try state.rulesets.store([loaded.bundle])
        } catch {
            throw .state("\(error)")
        }
    }

    func start(_ journald: Journald) {
        let alarms = restore.alarms
        request(.input(.system(.started, note: EventNote(reason: "tocsin \(Daemon.version)"))))
        if let damage {
            let note = EventNote(reason: damage, subject: shared.logStats.path)
            request(.input(.system(.logFailing, note: note)))
        }
        if restore.entries > 0 && (!alarms.isEmpty || !restore.endedInOrder) {
            let manner = restore.endedInOrder ? "after an orderly stop" : "after a crash or kill"
            request(
                .input(
                    .system(
                        .recovered,
                        note: EventNote(
                            reason: (alarms.count == 1
                                ? "1 alarm stands" : "\(alarms.count) alarms stand")
                                + " from before, \(manner)"))))
        }
        // The alarms' streams are declared so that they are shown before their sensors speak.
        if !restore.announced.isEmpty {
            request(.input(.announced(restore.announced.sorted())))
        }
        if !alarms.isEmpty { request(.restore(alarms)) }
        let (logger, engine, sequencer) = (self.logger, self.engine, self.sequencer)
        threads = [
            DaemonThread("logger") { logger.run() },
            DaemonThread("engine") { engine.run() },
            DaemonThread("sequencer") { sequencer.run() },
        ]
        let console = self.console
        Task {
            do {
                try await console.run()
            } catch {
                // Alarms go on without the console; it is said loudly and shown by its absence.
                journald.log(.critical, "the console stopped: \(error)")
            }
        }
    }

    /// Stops in the order of the path; see the essay in `Daemon`.
    func stop(within grace: Span) {
        request(.stop)
        for thread in threads.reversed() { thread.join() }
        deliverers.stop(within: grace)
        console.stop()
    }
}
