import ArgumentParser
import TocsinReplay
import TocsinRules

struct MutateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "mutate",
        abstract: "Disturbs a scenario and lists which rules miss or alarm falsely.",
        discussion: """
            Each stream is disturbed in each way by itself: shortly before its alarm where it has \
            one, else in the middle of its quiet time. What the rules do is held against the \
            undisturbed scenario. An alarm that does not come is bad; one that does not come while \
            no trouble says why is worse: see `silently`.
            """)

    @Option(name: .long, help: "The scenario.") var scenario: String
    @Option(
        name: .long, parsing: .upToNextOption,
        help: "Rules in place of the scenario's own: files or folders.")
    var rules: [String] = []
    @Option(
        name: .long, parsing: .upToNextOption,
        help: ArgumentHelp(
            "Kinds: \(Perturbation.allCases.map(\.rawValue).joined(separator: " ")); default: all.")
    )
    var kinds: [String] = []
    @Option(name: .long, help: "How many streams are disturbed at most.") var streams = 50
    @Flag(name: .long, help: "One JSON object.") var json = false
    @Flag(name: .long, help: "Ends with 3 when an alarm is missed silently.")
    var failOnSilent = false

    func run() throws {
        let perturbations = try kinds.map { name in
            guard let kind = Perturbation(rawValue: name) else {
                throw ValidationError("--kinds: there is no `\(name)`")
            }
            return kind
        }
        let diagnostics = DiagnosticList()
        guard var read = ScenarioReader.read(path: scenario, reporting: diagnostics) else {
            Output.error(diagnostics.rendered)
            throw ExitCode(1)
        }
        if !rules.isEmpty { read.rules = rules }
        guard let ruleSet = ScenarioRun.rules(of: read, reporting: diagnostics) else {
            Output.error(diagnostics.rendered)
            throw ExitCode(1)
        }
        let report: MutationReport
        do throws(FeedError) {
            report = try MutationRun.run(
                read, ruleSet: ruleSet,
                perturbations: perturbations.isEmpty ? Perturbation.allCases : perturbations,
                streamsMax: streams)
        } catch {
            Output.error("\(error)")
            throw ExitCode(1)
        }
        if json { Output.line(report.json) } else { Output.text(report.text) }
        if failOnSilent && report.lostSilently > 0 { throw ExitCode(3) }
    }
}
