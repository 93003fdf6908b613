import TocsinModel
import Testing

@testable import TocsinConsole

extension SocketTests {
    @Suite("Commands")
    struct CommandTests {
        static let authorized = ["Authorization": "Bearer \(ConsoleFixture.token)"]

        @Test("A command reaches the daemon with its person, reason and way")
        func acknowledge() async throws {
            try await ConsoleFixture.run { console in
                let answer = try await console.request(
                    "POST", "/api/v1/alarms/a1/acknowledge", headers: Self.authorized,
                    body: #"{"by":" 王芳 ","reason":"seen on site","for":"30m"}"#)
                #expect(answer.status == 200)
                #expect(answer.body == "{\"event\":\"acknowledged\"}")
                #expect(
                    console.commands.all == [
                        AlarmCommand(
                            verb: .acknowledge, alarmID: "a1", by: "王芳", reason: "seen on site",
                            duration: Span(milliseconds: 1_800_000), through: "token duty-room")
                    ])
            }
        }

        @Test("Each outcome has its status")
        func outcomes() async throws {
            try await ConsoleFixture.run { console in
                for (id, status) in [("a1", 200), ("a2", 409), ("zzz", 404), ("busy", 503)] {
                    let path = "/api/v1/alarms/\(id)/reset"
                    let answer = try await console.request("POST", path, headers: Self.authorized)
                    #expect(answer.status == status, "\(id)")
                }
                #expect(console.commands.all.first?.by == "duty-room")
            }
        }

        @Test("A refusal names a remedy only where it adds something")
        func refusals() async throws {
            try await ConsoleFixture.run { console in
                let first = try await console.request(
                    "POST", "/api/v1/alarms/a3/reset", headers: Self.authorized)
                #expect(first.body.contains(#""remedy":"tocsin alarms acknowledge a3""#))
                let other = try await console.request(
                    "POST", "/api/v1/alarms/a2/reset", headers: Self.authorized)
                #expect(!other.body.contains("remedy"))
            }
        }

        @Test("A receiver is paused, resumed and retried by those who may command")
        func receivers() async throws {
            try await ConsoleFixture.run { console in
                for verb in ReceiverVerb.allCases {
                    let path = "/api/v1/receivers/duty-room/\(verb.rawValue)"
                    let refused = try await console.request("POST", path)
                    #expect(refused.status == 401)
                    let answer = try await console.request(
                        "POST", path, headers: Self.authorized, body: #"{"reason":"moved"}"#)
                    #expect(answer.status == 200)
                    #expect(
                        answer.body
                            == #"{"receiver":"duty-room","command":"\#(verb.rawValue)"}"#)
                }
                #expect(console.commands.allOfReceivers.map(\.verb) == ReceiverVerb.allCases)
                #expect(
                    console.commands.allOfReceivers.first
                        == ReceiverCommand(
                            verb: .pause, receiver: "duty-room", by: "duty-room",
                            reason: "moved", through: "token duty-room"))
                let evil = Self.authorized.merging(["Origin": "http://evil.example"]) { $1 }
                let stranger = try await console.request(
                    "POST", "/api/v1/receivers/duty-room/pause", headers: evil)
                #expect(stranger.status == 403)
            }
        }

        @Test("A receiver that is not there answers 404 with the names that are")
        func unknownReceiver() async throws {
            try await ConsoleFixture.run { console in
                let answer = try await console.request(
                    "POST", "/api/v1/receivers/duty-rom/retry", headers: Self.authorized)
                #expect(answer.status == 404)
                #expect(answer.body.contains("known: duty-room, scada"))
            }
        }

        @Test("Verbs that are not carried out answer 501 and never reach the daemon")
        func notImplemented() async throws {
            try await ConsoleFixture.run { console in
                for verb in AlarmVerb.allCases where verb != .acknowledge && verb != .reset {
                    let path = "/api/v1/alarms/a1/\(verb.rawValue)"
                    let answer = try await console.request("POST", path, headers: Self.authorized)
                    #expect(answer.status == 501)
                    #expect(answer.body.contains("available: acknowledge, reset"))
                }
                #expect(console.commands.all.isEmpty)
            }
        }

        @Test(
            "A body that is no command is refused",
            arguments: [
                ("[1]", 400), (#"{"by":1}"#, 400), (#"{"for":"soon"}"#, 400),
                (#"{"for":"0s"}"#, 400),
                (#"{"reason":""# + String(repeating: "x", count: 2000) + #""}"#, 400),
                (String(repeating: "x", count: 20_000), 413),
            ])
        func badBody(body: String, status: Int) async throws {
            try await ConsoleFixture.run { console in
                let answer = try await console.request(
                    "POST", "/api/v1/alarms/a1/reset", headers: Self.authorized, body: body)
                #expect(answer.status == status)
                #expect(console.commands.all.isEmpty)
            }
        }

        @Test("Over TCP a command without a token, or with a wrong one, is refused")
        func token() async throws {
            try await ConsoleFixture.run { console in
                let path = "/api/v1/alarms/a1/acknowledge"
                let wrong = ["Authorization": "Bearer wrong"]
                let none = try await console.request("POST", path)
                #expect(none.status == 401)
                #expect(none.has("www-authenticate: Bearer"))
                #expect(try await console.request("POST", path, headers: wrong).status == 401)
                #expect(try await console.get("/api/v1/alarms", headers: wrong).status == 401)
                #expect(console.commands.all.isEmpty)
            }
            try await ConsoleFixture.run(change: { $0.tokens = [] }) { console in
                let none = try await console.request("POST", "/api/v1/alarms/a1/acknowledge")
                #expect(none.status == 403)
                #expect(none.body.contains("tocsin alarms"))
            }
        }

        @Test("A stranger's page can neither command nor read through a name of its own")
        func otherPages() async throws {
            try await ConsoleFixture.run { console in
                let path = "/api/v1/alarms/a1/acknowledge"
                for (origin, status) in [("http://evil.example", 403), ("http://localhost", 200)] {
                    let headers = Self.authorized.merging(["Origin": origin]) { $1 }
                    let answer = try await console.request("POST", path, headers: headers)
                    #expect(answer.status == status)
                }
                let rebound = ["Host": "evil.example:\(console.port)"]
                let answer = try await console.get("/api/v1/alarms", headers: rebound)
                #expect(answer.status == 403)
            }
        }

        @Test("The unix-domain socket has mode 0660, needs no token, and is gone after the end")
        func unixSocket() async throws {
            var path = ""
            try await ConsoleFixture.run { console in
                path = console.socketPath
                let answer = try await blocking { [path] in
                    try RawConnection.unix(path: path).exchange(
                        "POST", "/api/v1/alarms/a1/reset", headers: ["Host": "any.example"],
                        body: #"{"by":"root"}"#)
                }
                #expect(answer.status == 200)
                #expect(console.commands.all.first?.through == "unix socket")
                #expect(FileMode.of(path) == 0o660)
            }
            #expect(FileMode.of(path) == nil)
        }
    }
}
