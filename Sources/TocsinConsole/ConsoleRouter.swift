import HTTPTypes
import Hummingbird
import HummingbirdCore
import NIOCore
import TocsinModel

/// The paths of contract §9, the same over TCP and over the unix-domain socket.
struct ConsoleRouter: Sendable {
    let source: ConsoleSource
    let policy: AccessPolicy
    let limits: ConsoleLimits

    func build() -> Router<ConsoleContext> {
        let router = Router(context: ConsoleContext.self)
        router.add(middleware: AccessMiddleware(policy: policy))
        router.get("/") { _, _ in ConsolePage.response(status: .ok) }
        router.get("/healthz") { _, _ in Response.text("ok\n") }
        router.get("/readyz") { _, _ in ready() }
        router.get("/metrics") { _, _ in
            Response.whole(source.metrics(), type: PrometheusText.contentType, status: .ok)
        }
        addLists(to: router.group("/api/v1"))
        addCommands(to: router)
        return router
    }

    private func addLists(to group: RouterGroup<ConsoleContext>) {
        group.get("alarms") { request, _ in Response.json(source.alarms(try listQuery(request))) }
        group.get("streams") { request, _ in Response.json(source.streams(try listQuery(request))) }
        group.get("streams/:name/samples") { request, context in
            let name = context.parameters.get("name") ?? ""
            return try samples(of: name, request)
        }
        group.get("rules") { request, _ in Response.json(source.rules(try listQuery(request))) }
        group.get("receivers") { request, _ in
            Response.json(source.receivers(try listQuery(request)))
        }
        group.get("status") { _, _ in Response.json(source.status()) }
        group.get("events") { request, _ in Response.json(source.events(try eventQuery(request))) }
        group.get("events/live") { request, context in
            try LiveResponse(feed: source.live, limits: limits).make(request, context)
        }
    }

    private func addCommands(to router: Router<ConsoleContext>) {
        for verb in AlarmVerb.allCases {
            router.post("/api/v1/alarms/:id/\(verb.rawValue)") { request, context in
                try await command(verb, request, context)
            }
        }
        router.post("/api/v1/reload") { _, _ in try await reload() }
        for verb in ReceiverVerb.allCases {
            router.post("/api/v1/receivers/:name/\(verb.rawValue)") { request, context in
                try await command(verb, request, context)
            }
        }
    }

    private func ready() -> Response {
        let report = source.ready()
        let lines = report.isReady ? ["ready"] + report.reasons : ["not ready"] + report.reasons
        return .text(
            lines.joined(separator: "\n") + "\n",
            status: report.isReady ? .ok : .serviceUnavailable)
    }

    /// The name has its `/` as `%2F`: a stream's name is many levels of a topic.
    private func samples(of name: String, _ request: Request) throws(ConsoleProblem) -> Response {
        let query = try QueryReader(request, names: ["limit"], limits: limits)
        let limit = try query.count("limit", standard: 100, maximum: limits.pageEntries)
        let stream = PercentEncoding.decoded(name)
        guard let answer = source.samples(SampleQuery(stream: stream, limit: limit)) else {
            throw ConsoleProblem(
                .notFound, "there is no stream \(stream.prefix(80))",
                remedy: "take the name from /api/v1/streams, each / of it written %2F")
        }
        return .json(answer)
    }

    private func listQuery(_ request: Request) throws(ConsoleProblem) -> ListQuery {
        let query = try QueryReader(request, names: ["prefix", "offset", "limit"], limits: limits)
        return ListQuery(
            prefix: query.text("prefix"),
            offset: try query.count("offset", standard: 0, maximum: Int(Int32.max)),
            limit: try query.count(
                "limit", standard: limits.pageEntries, maximum: limits.pageEntries))
    }

    private func eventQuery(_ request: Request) throws(ConsoleProblem) -> EventQuery {
        let names = [
            "after", "limit", "order", "stream", "rule", "alarm", "event", "since", "until",
        ]
        let query = try QueryReader(request, names: names, limits: limits)
        let after = try query.number("after")
        let newestFirst: Bool
        switch query.text("order") {
        case nil: newestFirst = after == nil  // who follows the log from a place reads forwards
        case "newest": newestFirst = true
        case "oldest": newestFirst = false
        case let other?:
            throw ConsoleProblem(
                .badRequest, "order is \(other.prefix(40))", remedy: "write newest or oldest")
        }
        return EventQuery(
            after: after,
            limit: try query.count("limit", standard: 100, maximum: limits.pageEntries),
            newestFirst: newestFirst, stream: query.text("stream"), rule: query.text("rule"),
            alarm: query.text("alarm"), event: query.text("event"),
            since: try query.time("since"), until: try query.time("until"))
    }

    private func command(
        _ verb: AlarmVerb, _ request: Request, _ context: ConsoleContext
    ) async throws -> Response {
        guard source.verbs.contains(verb) else {
            let known = source.verbs.map(\.rawValue).joined(separator: ", ")
            throw ConsoleProblem(
                .notImplemented, "\(verb.rawValue) is not carried out by this version",
                remedy: "available: \(known)")
        }
        let body = try await CommandBody(request, limits: limits)
        let alarmID = context.parameters.get("id") ?? ""
        let command = AlarmCommand(
            verb: verb, alarmID: alarmID,
            by: body.by ?? context.origin.person, reason: body.reason,
            duration: body.duration, through: context.origin.text)
        switch await source.command(command) {
        case .accepted(let event):
            return .json(event)
        case .refused(let reason):
            throw ConsoleProblem(.conflict, reason, remedy: remedy(refused: reason, alarmID))
        case .unknownAlarm:
            throw ConsoleProblem(
                .notFound, "there is no alarm \(command.alarmID.prefix(80))",
                remedy: "take the id from the member `alarm` in /api/v1/alarms")
        case .unavailable(let reason):
            throw ConsoleProblem(
                .serviceUnavailable, reason, remedy: "try again; see /readyz and the journal")
        }
    }

    private func reload() async throws -> Response {
        switch await source.reload() {
        case .reloaded(let rules):
            return .json(Array("{\"rules\":\(ConsoleProblem.quoted(rules))}".utf8))
        case .refused(let findings):
            throw ConsoleProblem(
                .conflict, findings, remedy: "the rules that were in force stay in force")
        case .unavailable(let reason):
            throw ConsoleProblem(.serviceUnavailable, reason, remedy: "try again")
        }
    }

    /// The reason itself mostly says what to wait for; empty when there is nothing to add.
    private func remedy(refused reason: String, _ alarmID: String) -> String {
        reason.hasPrefix("acknowledge the alarm first")
            ? "tocsin alarms acknowledge \(alarmID)" : ""
    }

    private func command(
        _ verb: ReceiverVerb, _ request: Request, _ context: ConsoleContext
    ) async throws -> Response {
        let body = try await CommandBody(request, limits: limits)
        // Left percent-encoded: a receiver's name has no character that needs it.
        let name = context.parameters.get("name") ?? ""
        let command = ReceiverCommand(
            verb: verb, receiver: name, by: body.by ?? context.origin.person,
            reason: body.reason, through: context.origin.text)
        switch source.receiverCommand(command) {
        case .accepted:
            let quoted = ConsoleProblem.quoted(name)
            return .json(
                Array("{\"receiver\":\(quoted),\"command\":\"\(verb.rawValue)\"}".utf8))
        case .unknownReceiver(let known):
            throw ConsoleProblem(
                .notFound, "there is no receiver \(name.prefix(80))",
                remedy: known.isEmpty
                    ? "none is configured: see `webhooks` in the configuration"
                    : "known: \(known.joined(separator: ", "))")
        }
    }
}
