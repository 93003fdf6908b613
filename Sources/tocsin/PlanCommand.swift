import ArgumentParser
import Foundation
import TocsinEngine
import TocsinModel
import TocsinReplay
import TocsinRules

struct PlanCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan",
        abstract: "What the configuration needs: memory, evaluations, disk, against its limits.",
        discussion: """
            Counts the inventory's streams; without an inventory it says what as many streams as \
            `limits.streams` allows would need at most, and --streams N plans for N. Ends with 1 \
            when a limit is not kept: `tocsin run` refuses to start then, and `reload` to load.
            """)

    @OptionGroup var options: ConfigurationOption
    @Option(name: .long, help: "So many streams in all, those beyond the inventory the worst.")
    var streams: Int?
    @Option(name: .long, help: "Events a day, for the size of the alert log.")
    var eventsPerDay: Double?
    @Flag(name: .long, help: "The plan as JSON.") var json = false

    func validate() throws {
        if let streams, !(1...100_000_000).contains(streams) {
            throw ValidationError("--streams must be from 1 to 100000000")
        }
        if let eventsPerDay, !(0...1e12).contains(eventsPerDay) {
            throw ValidationError("--events-per-day must be from 0 to 1e12")
        }
    }

    func run() throws {
        let (configuration, findings) = ConfigurationReader.read(
            path: options.config, environment: Environment.all)
        let diagnostics = DiagnosticList()
        diagnostics.add(findings)
        guard let configuration else { return try refuse(diagnostics) }
        let now = Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1000))
        let rules = RulesRequest(
            paths: configuration.rules, inventory: configuration.inventory,
            site: Site(configuration.site), options: EngineOptions(configuration.limits), time: now)
        guard let ruleSet = rules.load(reporting: diagnostics) else {
            return try refuse(diagnostics)
        }
        let plan = Plan(
            PlanRequest(
                ruleSet: ruleSet, limits: configuration.limits, streams: streams,
                eventsPerDay: eventsPerDay))
        Output.text(json ? plan.json : plan.rendered)
        if !plan.excesses.isEmpty { throw ExitCode(1) }
    }

    private func refuse(_ diagnostics: DiagnosticList) throws {
        Output.error(diagnostics.rendered)
        throw ExitCode(2)
    }
}
