import ArgumentParser
import TocsinDaemon
import TocsinEngine
import TocsinModel
import TocsinReplay
import TocsinRules

struct ReplayCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay", abstract: "Drives feeds through the rules; prints events.",
        discussion: """
            The same input gives the same bytes. Events go to standard output as JSON lines, or to \
            --events; a summary goes to standard error.
            """)

    @Option(name: .long, parsing: .upToNextOption, help: "Rules: files or folders.")
    var rules: [String]
    @Option(name: .long, parsing: .upToNextOption, help: "Feeds: CSV or JSON lines, also gzip.")
    var feed: [String]
    @Option(name: .long, help: "The inventory.") var inventory: String?
    @Option(name: .long, help: "The end of the run (RFC 3339 or ts_ms); default: the last sample.")
    var until: String?
    @Option(name: .long, help: "Where events go; - for standard output.") var events = "-"
    @Option(name: .long, help: "site.id, a part of every event's id.") var site: String?
    @Option(name: .long, help: "Takes site, limits and decode entries from this configuration.")
    var config: String?

    func run() throws {
        var request = ReplayRequest(rules: rules, feeds: feed, inventory: inventory)
        if let config { try adopt(config, &request) }
        if let site { request.site.id = site }
        request.until = try TimeArgument.milliseconds(until, name: "--until")
            .map { Timestamp(milliseconds: $0) }
        do {
            let output = try TextOutput.file(events)
            let summary = try ReplayRun.run(request, events: output)
            Output.error(summary.text)
        } catch let error as ReplayError {
            Output.error("\(error)")
            throw ExitCode(1)
        } catch let error as OutputError {
            Output.error("\(error)")
            throw ExitCode(1)
        }
    }

    private func adopt(_ path: String, _ request: inout ReplayRequest) throws {
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
