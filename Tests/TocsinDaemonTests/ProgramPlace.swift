import Foundation
import TocsinTestSupport

/// Where the built `tocsin` is: beside the bundle of these tests.
enum ProgramPlace {
    static func find() throws -> String {
        let candidates =
            CommandLine.arguments.filter { $0.hasSuffix(".xctest") } + [
                try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
            ]
        for candidate in candidates {
            var folder = URL(fileURLWithPath: candidate).deletingLastPathComponent()
            // A bundle may be a folder of its own: two levels are looked at, no more.
            for _ in 0..<2 {
                let program = folder.appendingPathComponent("tocsin").path
                if FileManager.default.isExecutableFile(atPath: program) { return program }
                folder.deleteLastPathComponent()
            }
        }
        throw TestSupportError(
            "no tocsin beside \(candidates.joined(separator: ", ")): build the whole package, "
                + "without TOCSIN_TARGETS")
    }
}
