import ArgumentParser
import TocsinRules

struct SchemaCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schema",
        abstract: "Prints the JSON Schema of a kind of file, for editors.",
        discussion: """
            JSON Schema 2020-12. With a first line `# yaml-language-server: $schema=FILE` editors \
            complete keys, show what they mean and mark what `check` would refuse. The same files \
            are shipped under /usr/share/tocsin/rules/schema.
            """)

    @Argument(help: "rules, config, scenario or event.") var kind: FileSchema = .rules

    func run() { Output.text(kind.text) }
}

extension FileSchema: ExpressibleByArgument {}
