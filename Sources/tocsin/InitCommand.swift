import ArgumentParser
import Foundation
import TocsinRules

struct InitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init", abstract: "Writes a commented configuration into a folder.")

    @Argument(help: "The folder; default: here.") var folder = "."

    func run() throws {
        let path = folder + "/tocsin.yaml"
        guard !FileManager.default.fileExists(atPath: path) else {
            Output.error("\(path) is there already and is left as it is")
            throw ExitCode(1)
        }
        do {
            try FileManager.default.createDirectory(
                atPath: folder + "/rules.d", withIntermediateDirectories: true)
            try ConfigurationTemplate.text.write(toFile: path, atomically: true, encoding: .utf8)
        } catch {
            Output.error("\(path): \(error.localizedDescription)")
            throw ExitCode(1)
        }
        Output.line(
            "wrote \(path); edit it, put rules into \(folder)/rules.d, then: tocsin check --config \(path)"
        )
    }
}
