import ArgumentParser
import Foundation

/// `--config`, shared by every command that needs to know the daemon's places.
struct ConfigurationOption: ParsableArguments {
    /// Where the package puts it.
    static let standard = "/etc/tocsin/tocsin.yaml"

    @Option(name: .long, help: "The configuration file.")
    var config = ConfigurationOption.standard
}

/// The process's environment, as configuration overrides read it.
enum Environment {
    static var all: [String: String] { ProcessInfo.processInfo.environment }
}
