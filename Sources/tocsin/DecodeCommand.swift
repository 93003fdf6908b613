import ArgumentParser
import Foundation
import TocsinDecode
import TocsinReplay

struct DecodeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "decode",
        abstract: "Decodes one payload from standard input; prints its samples as JSON lines.",
        discussion: "Ends with 1 and the reason on standard error where the daemon would reject it."
    )

    @Option(name: .long, help: "json, number or word.") var format: String
    @Option(name: .long, help: "The topic: it names the streams.") var topic = DecodeRun.anyTopic
    @Option(name: .long, help: "JSON Pointer to a value; may be repeated.") var valueAt: [String] =
        []
    @Option(name: .long, help: "JSON Pointer to the time.") var timeAt: String?
    @Option(name: .long, help: "s, ms, us or ns.") var timeUnit = "ms"
    @Option(name: .long, help: "JSON Pointer to the unit.") var unitAt: String?
    @Option(name: .long, help: "The unit where the payload names none.") var unit: String?
    @Option(name: .long, help: "JSON Pointer to the quality.") var qualityAt: String?

    func run() throws {
        guard let format = DecodeFormat(rawValue: format) else {
            let known = DecodeFormat.allCases.map(\.rawValue).joined(separator: ", ")
            throw ValidationError("--format: \(known), not \"\(self.format)\"")
        }
        guard let timeUnit = TimeUnit(rawValue: timeUnit) else {
            throw ValidationError("--time-unit: s, ms, us or ns, not \"\(self.timeUnit)\"")
        }
        let rule = DecodeRule(
            topics: "#", format: format, valueAt: valueAt, timeAt: timeAt, timeUnit: timeUnit,
            unitAt: unitAt, unit: unit, qualityAt: qualityAt)
        let payload = [UInt8](FileHandle.standardInput.readDataToEndOfFile())
        do throws(DecodeRunError) {
            let lines = try DecodeRun.lines(payload: payload, rule: rule, topic: topic)
            for line in lines { Output.line(line) }
        } catch {
            Output.error("\(error)")
            throw ExitCode(1)
        }
    }
}
