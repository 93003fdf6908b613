import FoundationEssentials
import HTTPTypes
import Hummingbird
import HummingbirdCore
import TocsinModel

/// Reads a URL's query strictly: a name that is not known is an error, for a filter with a typing
/// mistake would silently show everything.
struct QueryReader {
    private var values: [String: String] = [:]

    init(_ request: Request, names: [String], limits: ConsoleLimits) throws(ConsoleProblem) {
        for (key, value) in request.uri.queryParameters {
            let name = String(key)
            guard names.contains(name) else {
                throw ConsoleProblem(
                    .badRequest, "the query has an unknown name: \(name.prefix(40))",
                    remedy: names.isEmpty
                        ? "this path takes no query" : "known: \(names.joined(separator: ", "))")
            }
            guard value.utf8.count <= limits.textBytes else {
                throw ConsoleProblem(
                    .badRequest, "\(name) has \(value.utf8.count) bytes",
                    remedy: "send at most \(limits.textBytes)")
            }
            values[name] = String(value)
        }
    }

    func text(_ name: String) -> String? { values[name] }

    /// A whole number from 0; nil when the query has none.
    func number(_ name: String) throws(ConsoleProblem) -> UInt64? {
        guard let text = values[name] else { return nil }
        guard let number = UInt64(text) else {
            throw ConsoleProblem(
                .badRequest, "\(name) is no whole number: \(text.prefix(40))",
                remedy: "write digits only, for example \(name)=100")
        }
        return number
    }

    /// As `number`, at most `maximum`.
    func count(_ name: String, standard: Int, maximum: Int) throws(ConsoleProblem) -> Int {
        guard let number = try number(name) else { return min(standard, maximum) }
        return Int(min(number, UInt64(maximum)))
    }

    /// RFC 3339 or milliseconds since 1970 (contract §2).
    func time(_ name: String) throws(ConsoleProblem) -> Timestamp? {
        guard let text = values[name] else { return nil }
        if let milliseconds = Int64(text) { return Timestamp(milliseconds: milliseconds) }
        for fraction in [false, true] {
            do {
                let style = Date.ISO8601FormatStyle(includingFractionalSeconds: fraction)
                let seconds = try style.parse(text).timeIntervalSince1970
                return Timestamp(milliseconds: Int64((seconds * 1000).rounded()))
            } catch {
                continue  // the other form is tried; if none fits, the query is refused below
            }
        }
        throw ConsoleProblem(
            .badRequest, "\(name) is no time: \(text.prefix(40))",
            remedy: "write RFC 3339 (2026-11-23T08:00:00Z; + as %2B) or milliseconds since 1970")
    }
}
