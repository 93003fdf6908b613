// The composition root: what `tocsin run` starts, in which order, and how it stops.
//
//   main thread     signals, reload, watchdog
//   sequencer       brokers → frames → samples → order ring          (Sequencer)
//   engine          order ring → rules → events                      (EngineThread)
//   logger          events → alert log → announcements               (LogThread)
//   one a receiver  alert log → webhook                              (TocsinDelivery)
//   console         HTTP, in Swift's own pool                        (TocsinConsole)
//
// Stopping goes down the same path: the sequencer says goodbye to the brokers and sends the last
// letter, the engine closes the queue behind its last event, the logger writes what is left, the
// lanes deliver what they can in bounded time.

import CLinux
import Foundation
import Glibc
import TocsinConsole
import TocsinDelivery
import TocsinEngine
import TocsinIngest
import TocsinMQTT
import TocsinModel
import TocsinRing
import TocsinRules
import TocsinStore

/// The daemon; `run` returns after an orderly stop.
package final class Daemon {
    package static let version = "0.1.0"

    private let configurationPath: String
    private let environment: [String: String]
    private let journald = Journald()

    /// How long receivers have to take what is left at a stop.
    static let deliveryGrace = Span.seconds(5)

    package init(configurationPath: String, environment: [String: String]) {
        self.configurationPath = configurationPath
        self.environment = environment
    }

    /// Runs in the foreground until SIGTERM or SIGINT.
    package func run() throws(DaemonError) {
        // Before any thread starts: all of them inherit the mask, only the main thread waits.
        let signals = SignalWait()
        let loaded = try LoadedConfiguration.read(
            path: configurationPath, environment: environment)
        if !loaded.warnings.isEmpty { journald.log(.warning, loaded.warnings) }
        let parts = try assemble(loaded)
        parts.start(journald)
        journald.log(
            .notice,
            "tocsin \(Daemon.version) runs: \(loaded.ruleSet.packs.count) packs, "
                + "rules \(loaded.ruleSet.hash.prefix(19))…")
        parts.notifier.notify("READY=1\nSTATUS=running")
        supervise(parts, signals, loaded)
        parts.notifier.notify("STOPPING=1")
        parts.stop(within: Daemon.deliveryGrace)
        journald.log(.notice, "tocsin stopped in order")
    }

    private func assemble(_ loaded: LoadedConfiguration) throws(DaemonError) -> DaemonParts {
        do {
            return try DaemonParts(loaded, environment: environment, journald: journald)
        } catch let error as DaemonError {
            throw error
        } catch let error as StoreError {
            throw .state("\(error)")
        } catch let error as ReceiverError {
            throw .receivers("\(error)")
        } catch let error as ConsoleError {
            throw .console("\(error)")
        } catch {
            throw .broker("\(error)")
        }
    }

    /// Waits for signals and keeps systemd's watchdog quiet while ticks pass from the sequencer
    /// through the engine.
    private func supervise(
        _ parts: DaemonParts, _ signals: SignalWait, _ loaded: LoadedConfiguration
    ) {
        var beats: UInt64 = 0
        let pause = min(parts.notifier.watchdogMilliseconds ?? 1000, 1000)
        while true {
            switch signals.wait(milliseconds: pause) {
            case SIGTERM, SIGINT: return
            case SIGHUP: reload(parts, loaded)
            default: break
            }
            let now = parts.shared.heart.beats
            if parts.notifier.watchdogMilliseconds != nil && now != beats {
                parts.notifier.notify("WATCHDOG=1")
            }
            beats = now
        }
    }

    /// New rules, inventory and decode entries from disk, or an event that says why not. Brokers,
    /// receivers and places need a restart.
    private func reload(_ parts: DaemonParts, _ running: LoadedConfiguration) {
        parts.notifier.notify(
            "RELOADING=1\nMONOTONIC_USEC=\(GatewayClock.monotonicNanoseconds() / 1000)")
        defer { parts.notifier.notify("READY=1") }
        do throws(DaemonError) {
            let fresh = try LoadedConfiguration.read(
                path: configurationPath, environment: environment)
            guard fresh.ruleSet.site.id == running.ruleSet.site.id else {
                throw .configuration("site.id changed: event ids hang on it; restart the daemon")
            }
            try parts.store(fresh)
            parts.request(.reload(fresh.ruleSet, fresh.decoders))
            journald.log(.notice, "reloaded: rules \(fresh.ruleSet.hash)")
            parts.shared.reloads.answer(.reloaded(rules: fresh.ruleSet.hash))
        } catch {
            journald.log(.error, "reload refused, the old rules stay in force:\n\(error)")
            let lines = "\(error)".split(separator: "\n")
            // Warnings may stand before the error that was the reason.
            let first =
                (lines.first { $0.contains(": error: ") } ?? lines.first).map(String.init)
                ?? "\(error)"
            parts.request(.input(.system(.reloadRefused, note: EventNote(reason: first))))
            parts.shared.reloads.answer(.refused(findings: "\(error)"))
        }
    }
}

/// Waits for the signals that steer the daemon.
struct SignalWait {
    private var set = sigset_t()

    /// Blocks them in this thread and all that it starts from here on.
    init() {
        sigemptyset(&set)
        for number in [SIGTERM, SIGINT, SIGHUP] { sigaddset(&set, number) }
        pthread_sigmask(SIG_BLOCK, &set, nil)
        signal(SIGPIPE, SIG_IGN)
        // A limit on file sizes is a failing log, announced and retried: not the daemon's end.
        signal(SIGXFSZ, SIG_IGN)
    }

    /// The next signal, or −1 after the time-out.
    func wait(milliseconds: Int64) -> Int32 {
        var copy = set
        return tocsin_signal_wait(&copy, Int(milliseconds))
    }
}
