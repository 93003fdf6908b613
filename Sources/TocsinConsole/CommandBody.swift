import FoundationEssentials
import HTTPTypes
import Hummingbird
import HummingbirdCore
import NIOCore
import TocsinModel

/// What a command's body says: a JSON object of `by`, `reason` and `for`, all optional; an empty
/// body is an empty object.
struct CommandBody {
    var by: String?
    var reason: String?
    var duration: Span?

    private struct Members: Decodable {
        var by: String?
        var reason: String?
        var `for`: String?
    }

    init(_ request: Request, limits: ConsoleLimits) async throws {
        let buffer: ByteBuffer
        do {
            buffer = try await request.body.collect(upTo: limits.bodyBytes)
        } catch is NIOTooManyBytesError {
            throw ConsoleProblem(
                .contentTooLarge, "the body has more than \(limits.bodyBytes) bytes",
                remedy: "send by, reason and for only")
        }
        guard buffer.readableBytes > 0 else { return }
        let members: Members
        do {
            members = try JSONDecoder().decode(Members.self, from: Data(buffer.readableBytesView))
        } catch {
            throw ConsoleProblem(
                .badRequest, "the body is not the JSON object that is expected",
                remedy: "send {\"by\":\"NAME\",\"reason\":\"TEXT\",\"for\":\"8h\"}, all of text")
        }
        by = try Self.checked(members.by, "by", limits)
        reason = try Self.checked(members.reason, "reason", limits)
        if let text = members.for {
            guard let span = Span(parsing: text), span > .zero else {
                throw ConsoleProblem(
                    .badRequest, "for is no duration: \(text.prefix(40))",
                    remedy: "write 30m, 8h or 2d")
            }
            duration = span
        }
    }

    /// Text without its outer blanks; nil when nothing is left.
    private static func checked(
        _ text: String?, _ name: String, _ limits: ConsoleLimits
    ) throws(ConsoleProblem) -> String? {
        guard let text else { return nil }
        guard text.utf8.count <= limits.textBytes else {
            throw ConsoleProblem(
                .badRequest, "\(name) has \(text.utf8.count) bytes",
                remedy: "send at most \(limits.textBytes)")
        }
        let blank = text.drop(while: \.isWhitespace)
        let end = blank.lastIndex { !$0.isWhitespace }
        return end.map { String(blank[...$0]) }
    }
}
