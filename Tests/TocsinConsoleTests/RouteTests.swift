import Testing

@testable import TocsinConsole

extension SocketTests {
    @Suite("Routes")
    struct RouteTests {
        @Test("Every path of the contract answers with its type")
        func paths() async throws {
            try await ConsoleFixture.run { console in
                let expected: [(path: String, type: String, body: String)] = [
                    ("/healthz", "text/plain; charset=utf-8", "ok\n"),
                    ("/readyz", "text/plain; charset=utf-8", "ready\n"),
                    ("/metrics", "text/plain; version=0.0.4; charset=utf-8", "received_total 3\n"),
                    ("/api/v1/alarms", "application/json; charset=utf-8", "\"- 0 1000\""),
                    ("/api/v1/streams?prefix=plant/&limit=5", "application/json", "\"plant/ 0 5\""),
                    (
                        "/api/v1/streams/a%2Fb%3Ac/samples?limit=5", "application/json",
                        "\"a/b:c 5\""
                    ),
                    ("/api/v1/rules?offset=7&limit=99999", "application/json", "\"- 7 1000\""),
                    (
                        "/api/v1/events?limit=3&stream=a%2Fb", "application/json",
                        "limit=3 newest a/b"
                    ),
                    ("/api/v1/events?after=9", "application/json", "after=9 limit=100 oldest"),
                    ("/api/v1/receivers?prefix=d", "application/json", "\"d 0 1000\""),
                    ("/api/v1/status", "application/json", "running"),
                    ("/", "text/html; charset=utf-8", "<!doctype html>"),
                ]
                for (path, type, body) in expected {
                    let answer = try await console.get(path)
                    #expect(answer.status == 200, "\(path)")
                    #expect(answer.has("content-type: \(type)"), "\(path): \(answer.head)")
                    #expect(answer.has("x-content-type-options: nosniff"), "\(path)")
                    #expect(answer.body.contains(body), "\(path): \(answer.body)")
                }
            }
        }

        @Test("The samples of a stream that is not there are not found")
        func noStream() async throws {
            try await ConsoleFixture.run { console in
                let answer = try await console.get("/api/v1/streams/b%2Fc/samples")
                #expect(answer.status == 404)
                #expect(answer.body.contains("there is no stream b/c"))
                #expect(try await console.get("/api/v1/streams/a/samples?last=5").status == 400)
            }
        }

        @Test("A daemon that is not ready says 503 and why")
        func notReady() async throws {
            let report = ReadyReport(isReady: false, reasons: ["broker mqtt://b: no subscription"])
            try await ConsoleFixture.run(ready: report) { console in
                let answer = try await console.get("/readyz")
                #expect(answer.status == 503)
                #expect(answer.body == "not ready\nbroker mqtt://b: no subscription\n")
            }
        }

        @Test("Times in a query are RFC 3339 with any offset, or milliseconds")
        func times() async throws {
            try await ConsoleFixture.run { console in
                for time in [
                    "1700000000123", "2023-11-14T22:13:20.123Z", "2023-11-15T06:13:20.123%2B08:00",
                    "2023-11-15T06:13:20.123+08:00",
                ] {
                    let answer = try await console.get("/api/v1/events?since=\(time)")
                    #expect(answer.body.contains("since=1700000000123"), "\(time): \(answer.body)")
                }
                let whole = try await console.get("/api/v1/events?until=2023-11-14T22:13:20Z")
                #expect(whole.body.contains("until=1700000000000"))
            }
        }

        @Test(
            "A wrong query is refused with a remedy",
            arguments: [
                "/api/v1/alarms?stream=x", "/api/v1/alarms?limit=-1", "/api/v1/events?order=up",
                "/api/v1/events?since=yesterday", "/api/v1/events/live?after=x",
            ])
        func badQuery(path: String) async throws {
            try await ConsoleFixture.run { console in
                let answer = try await console.get(path)
                #expect(answer.status == 400)
                #expect(answer.body.hasPrefix("{\"error\":\""))
                #expect(answer.body.contains("\"remedy\":\""))
            }
        }

        @Test("An unknown path is 404 with a JSON body")
        func unknownPath() async throws {
            try await ConsoleFixture.run { console in
                let answer = try await console.get("/api/v2/alarms")
                #expect(answer.status == 404)
                #expect(answer.body.contains("\"remedy\":\""))
                #expect(try await console.request("POST", "/api/v1/status").status == 401)
            }
        }
    }
}
