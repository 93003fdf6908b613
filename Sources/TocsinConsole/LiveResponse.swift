import HTTPTypes
import Hummingbird
import HummingbirdCore
import NIOCore
import ServiceLifecycle

/// Answers `GET /api/v1/events/live` with server-sent events (WHATWG HTML 9.2) until the client
/// leaves, is too slow, or the daemon stops.
struct LiveResponse {
    let feed: LiveFeed
    let limits: ConsoleLimits

    /// Browsers wait so long before they come back, in milliseconds.
    private static let retryMilliseconds = 2000

    func make(_ request: Request, _ context: ConsoleContext) throws(ConsoleProblem) -> Response {
        let query = try QueryReader(request, names: ["after"], limits: limits)
        let lastEvent = HTTPField.Name("Last-Event-ID").flatMap { request.headers[$0] }
        let after = try query.number("after") ?? lastEvent.flatMap { UInt64($0) }
        let channel = context.channel
        // A slow client's writer waits for the socket: only closing the socket ends that wait.
        let subscription = feed.subscribe(after: after) { channel.close(promise: nil) }
        guard let subscription else {
            throw ConsoleProblem(
                .serviceUnavailable, "\(feed.limits.clients) clients listen already",
                remedy: "close another page, or poll /api/v1/events?after=SEQ")
        }
        let body = ResponseBody { writer in
            let heartbeat = startHeartbeat(subscription, on: channel)
            defer {
                heartbeat.cancel()
                feed.remove(subscription.number)
            }
            try await request.body.consumeWithInboundCloseHandler { _ in
                try await write(subscription, to: &writer, on: channel)
            } onInboundClosed: {
                feed.remove(subscription.number)
            }
            try await writer.finish(nil)
        }
        return Response(
            status: .ok,
            headers: [.contentType: "text/event-stream", .cacheControl: "no-store"], body: body)
    }

    private func write(
        _ subscription: LiveSubscription, to writer: inout any ResponseBodyWriter,
        on channel: any Channel
    ) async throws {
        // Cancelling ends the wait for lines; a write that waits for a stuck client ends when the
        // connection is cut.
        let cut = limits.stopMilliseconds / 2
        try await withGracefulShutdownHandler {
            try await writer.write(ByteBuffer(string: "retry: \(Self.retryMilliseconds)\n\n"))
            for await frame in subscription.frames.cancelOnGracefulShutdown() {
                try await writer.write(frame)
            }
        } onGracefulShutdown: {
            channel.eventLoop.scheduleTask(in: .milliseconds(cut)) { channel.close(promise: nil) }
        }
    }

    private func startHeartbeat(
        _ subscription: LiveSubscription, on channel: any Channel
    ) -> RepeatedTask {
        let interval = TimeAmount.milliseconds(limits.heartbeatMilliseconds)
        return channel.eventLoop.scheduleRepeatedTask(initialDelay: interval, delay: interval) {
            _ in feed.heartbeat(subscription.number)
        }
    }
}
