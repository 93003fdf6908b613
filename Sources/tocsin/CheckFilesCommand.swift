import ArgumentParser
import Foundation
import TocsinModel
import TocsinReplay
import TocsinRules

struct CheckFilesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Checks configuration, rules, inventories and scenarios.",
        discussion: """
            Prints `path:line:column: error|warning: text` with the line and a caret. Ends with 0 \
            when there are no errors (warnings are allowed), else 1. Without PATH it checks the \
            configuration. With --against it also says of each alarm what a reload would do to it.
            """)

    @OptionGroup var options: ConfigurationOption
    @Argument(help: "Files and folders.") var paths: [String] = []
    @Flag(name: .long, help: "The set-points in force and where each comes from.")
    var table = false
    @Flag(name: .long, help: "Findings as JSON.") var json = false
    @Option(
        name: .long,
        help: "What a reload would do to alarms under these rules: a folder, or `running`.")
    var against: String?
    @Option(
        name: .long, parsing: .upToNextOption,
        help: "Recordings: warnings with numbers about noise and streams (docs/TUNE.md).")
    var feed: [String] = []

    func run() throws {
        var request = CheckRequest.ofConfiguration(options.config)
        if let against {
            request.against =
                against == "running"
                ? try RunningRules(config: options.config).read() : .path(against)
        }
        if !paths.isEmpty { request.paths = paths }
        request.isJSON = json
        request.showsTable = table
        let outcome = CheckCommand.run(
            request, checkScenario: { ScenarioChecker.check(path: $0, reporting: $1) },
            checkLoaded: { rules, diagnostics in
                guard !feed.isEmpty else { return }
                FeedAdvice.check(rules, feeds: feed, reporting: diagnostics)
            })
        if !outcome.text.isEmpty {
            Output.text(outcome.text.hasSuffix("\n") ? outcome.text : outcome.text + "\n")
        }
        if outcome.exitCode != 0 { throw ExitCode(outcome.exitCode) }
    }
}

extension CheckRequest {
    /// The request of `tocsin check` without paths.
    static func ofConfiguration(_ path: String) -> CheckRequest {
        let now = Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1000))
        var request = CheckRequest(paths: [path], now: now)
        request.environment = Environment.all
        return request
    }
}
