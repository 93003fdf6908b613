import ArgumentParser
import TocsinDaemon

struct RunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Runs the daemon in the foreground.",
        discussion: """
            Ends with 0 after an orderly stop (SIGTERM, SIGINT), 1 when it cannot run, 2 for a bad \
            configuration. SIGHUP reloads rules, inventory and decode entries.
            """)

    @OptionGroup var options: ConfigurationOption

    func run() throws {
        do throws(DaemonError) {
            try Daemon(configurationPath: options.config, environment: Environment.all).run()
        } catch {
            Output.error("\(error)")
            throw ExitCode(error.exitCode)
        }
    }
}
