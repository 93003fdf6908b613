import ArgumentParser
import Foundation

/// `--config`, shared by every command that needs to know the daemon's places.
struct ConfigurationOption: ParsableArguments {
    @Option(name: .long, help: "The configuration file.")
    var config = "/etc/tocsin/tocsin.yaml"
}

/// The process's environment, as configuration overrides read it.
enum Environment {
    static var all: [String: String] { ProcessInfo.processInfo.environment }
}
