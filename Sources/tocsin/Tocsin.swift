import ArgumentParser
import Glibc
import TocsinDaemon

/// The program: one command for each task; see `tocsin help`.
@main
struct Tocsin: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tocsin",
        abstract: "Watches hazardous-chemicals, dust and fire sensors and warns early.",
        discussion: "Tocsin is not a safety instrumented system.",
        version: Daemon.version,
        subcommands: [
            RunCommand.self, CheckFilesCommand.self, SchemaCommand.self, PlanCommand.self,
            TestCommand.self,
            MutateCommand.self, TuneCommand.self,
            ReplayCommand.self, SimulateCommand.self, RecordCommand.self, DecodeCommand.self,
            BacktestCommand.self, ExplainCommand.self, WhyNotCommand.self, InitCommand.self,
            AlarmsCommand.self, ReceiversCommand.self, LogCommand.self, StatusCommand.self,
            ReloadCommand.self,
            ReceiveCommand.self, VersionCommand.self,
        ])

    /// Usage errors end with 2, as for other daemons; everything else as the command decides.
    static func main() {
        do {
            var command = try parseAsRoot()
            try command.run()
        } catch {
            if exitCode(for: error) == .validationFailure {
                Output.error(fullMessage(for: error))
                Glibc.exit(2)
            }
            exit(withError: error)
        }
    }
}

struct VersionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "version", abstract: "Prints the version.")

    func run() { Output.line("tocsin \(Daemon.version)") }
}
