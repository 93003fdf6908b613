import ArgumentParser
import TocsinDaemon
import TocsinEngine
import TocsinModel
import TocsinReplay
import TocsinRules

struct BacktestCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backtest",
        abstract: "Tries new rules on recordings, against the rules before.",
        discussion: """
            One pass over the feeds drives both rule sets. It says which alarms are new, lost, \
            earlier or later, and the ISA-18.2 and EEMUA 191 figures of both. Ends with 3 when \
            something is lost and --fail-on-lost is given. See docs/BACKTEST.md.
            """)

    @Option(name: .long, parsing: .upToNextOption, help: "The new rules: files or folders.")
    var rules: [String]
    @Option(name: .long, parsing: .upToNextOption, help: "The rules they are held against.")
    var baseline: [String]
    @Option(name: .long, parsing: .upToNextOption, help: "Feeds: CSV or JSON lines, also gzip.")
    var feed: [String]
    @Option(name: .long, help: "The inventory, of both sets unless --baseline-inventory is given.")
    var inventory: String?
    @Option(name: .long, help: "The inventory of the baseline.") var baselineInventory: String?
    @Option(name: .long, help: "The end of the run (RFC 3339 or ts_ms); default: the last sample.")
    var until: String?
    @Option(name: .long, help: "Raises no further apart are unchanged; default: 1s.")
    var tolerance: String?
    @Option(name: .long, help: "Golden incidents that the new rules must catch (YAML).")
    var golden: String?
    @Option(name: .long, help: "Writes the report as a page with plots.") var html: String?
    @Flag(name: .long, help: "One JSON object instead of text.") var json = false
    @Flag(name: .long, help: "Ends with 3 when an alarm, a level or a golden incident is lost.")
    var failOnLost = false
    @Option(name: .long, help: "Takes site, limits and decode entries from this configuration.")
    var config: String?

    func run() throws {
        var request = BacktestRequest(new: rules, baseline: baseline, feeds: feed)
        request.inventory = inventory
        request.baselineInventory = baselineInventory
        request.golden = golden
        request.needsPlots = html != nil
        request.until = try TimeArgument.milliseconds(until, name: "--until")
            .map { Timestamp(milliseconds: $0) }
        if let tolerance {
            guard let span = Span(parsing: tolerance) else {
                throw ValidationError("--tolerance is a duration, such as 5s")
            }
            request.tolerance = span
        }
        if let config { try adopt(config, &request) }
        do {
            let report = try BacktestRun.run(request)
            Output.write(Array(report.warnings.utf8), to: 2)
            if json {
                Output.line(BacktestJSON.bytes(of: report))
            } else {
                Output.text(BacktestText.text(of: report))
            }
            if let html { try BacktestPage.write(report, to: html) }
            let status = report.exitStatus(failsOnLost: failOnLost)
            if status != 0 { throw ExitCode(status) }
        } catch let error as ReplayError {
            Output.error("\(error)")
            throw ExitCode(1)
        } catch let error as OutputError {
            Output.error("\(error)")
            throw ExitCode(1)
        }
    }

    private func adopt(_ path: String, _ request: inout BacktestRequest) throws {
        do throws(DaemonError) {
            let loaded = try LoadedConfiguration.read(path: path, environment: Environment.all)
            request.site = loaded.ruleSet.site
            request.options = loaded.ruleSet.options
            request.decoders = loaded.decoders
        } catch {
            Output.error("\(error)")
            throw ExitCode(1)
        }
    }
}
