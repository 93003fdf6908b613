import HTTPTypes
import Hummingbird
import HummingbirdCore
import NIOCore

/// What a request carries through the router: its connection, and how it was admitted.
struct ConsoleContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    let channel: any Channel
    var origin = RequestOrigin.loopback

    init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        channel = source.channel
    }

    var peer: RequestPeer {
        switch channel.remoteAddress ?? channel.localAddress {
        case .unixDomainSocket: .unixSocket
        case .v4, .v6:
            ListenAddress.isLoopback(host: channel.remoteAddress?.ipAddress ?? "")
                ? .loopback : .remote
        case nil: .remote
        }
    }
}

/// Admits or refuses each request, and gives every answer its safety headers.
struct AccessMiddleware: RouterMiddleware {
    typealias Context = ConsoleContext

    let policy: AccessPolicy

    func handle(
        _ request: Request, context: ConsoleContext,
        next: (Request, ConsoleContext) async throws -> Response
    ) async throws -> Response {
        var response: Response
        do {
            var admitted = context
            admitted.origin = try policy.admit(Self.accessRequest(request, context))
            response = try await next(request, admitted)
        } catch let problem as ConsoleProblem {
            response = Self.answer(problem, to: request)
        } catch let error as HTTPError {
            response = Self.answer(Self.problem(error, request), to: request)
        }
        response.headers[.xContentTypeOptions] = "nosniff"
        return response
    }

    /// The page itself holds no data: who lacks a token is shown where to enter it.
    private static func answer(_ problem: ConsoleProblem, to request: Request) -> Response {
        guard problem.status == .unauthorized, request.uri.path == "/" else {
            return problem.response
        }
        var page = ConsolePage.response(status: .unauthorized)
        page.headers[.wwwAuthenticate] = "Bearer"
        return page
    }

    private static func problem(_ error: HTTPError, _ request: Request) -> ConsoleProblem {
        guard error.status == .notFound else {
            return ConsoleProblem(
                error.status, error.body ?? "the request is not understood",
                remedy: "compare it with the HTTP part of the operations manual")
        }
        return ConsoleProblem(
            .notFound, "nothing answers \(request.method.rawValue) here",
            remedy: "GET / is the console, GET /api/v1/status the state; see the manual for more")
    }

    private static func accessRequest(
        _ request: Request, _ context: ConsoleContext
    ) -> AccessRequest {
        let fields = request.headers
        return AccessRequest(
            peer: context.peer,
            isReading: request.method == .get || request.method == .head,
            host: request.head.authority,
            origin: fields[.origin],
            fetchSite: HTTPField.Name("Sec-Fetch-Site").flatMap { fields[$0] },
            authorization: fields[.authorization])
    }
}
