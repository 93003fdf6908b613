import ArgumentParser
import TocsinReplay
import TocsinRules

struct TuneCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tune",
        abstract: "Proposes deadbands, on-delays and limits for restless alarms.",
        discussion: """
            For each alarm that chatters or is fleeting in the feed: the smallest deadband, the \
            smallest on-delay and the smallest move of the limit that would have quietened it, \
            each by itself, found by running the rules again with it. It proposes and edits \
            nothing. See docs/TUNE.md.
            """)

    @Option(name: .long, parsing: .upToNextOption, help: "Rules: files or folders.")
    var rules: [String]
    @Option(name: .long, parsing: .upToNextOption, help: "Feeds: CSV or JSON lines, also gzip.")
    var feed: [String]
    @Option(name: .long, help: "The inventory.") var inventory: String?
    @Option(name: .long, help: "Golden incidents, which no proposal may delay.")
    var golden: String?
    @Flag(name: .long, help: "One JSON object.") var json = false

    func run() throws {
        let request = TuneRequest(
            rules: rules, feeds: feed, inventory: inventory, golden: golden)
        do throws(ReplayError) {
            let report = try TuneRun.run(request)
            if !report.warnings.isEmpty { Output.error(report.warnings) }
            if json { Output.line(report.json) } else { Output.text(report.text) }
        } catch {
            Output.error("\(error)")
            throw ExitCode(1)
        }
    }
}
