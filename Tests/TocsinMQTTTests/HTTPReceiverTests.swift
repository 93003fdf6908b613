import Glibc
import Testing
import TocsinTestSupport

// The receiver is tested here, because the first target that uses the support owns its tests.
@Suite("HTTP receiver of the tests")
struct HTTPReceiverTests {
    private func exchange(_ port: UInt16, _ text: String, untilCount: Int = 1) throws -> String {
        let socket = try #require(connectToLoopback(port: port))
        defer { close(socket) }
        let sent = Array(text.utf8)
        #expect(send(socket, sent, sent.count, Int32(MSG_NOSIGNAL)) == sent.count)
        var answer = ""
        var block = [UInt8](repeating: 0, count: 4096)
        while answer.components(separatedBy: "HTTP/1.1 ") <= untilCount {
            let count = recv(socket, &block, block.count, 0)
            guard count > 0 else { break }
            answer += String(decoding: block.prefix(count), as: UTF8.self)
        }
        return answer
    }

    @Test("Requests on one connection are recorded in order and answered as told")
    func keepAlive() throws {
        let receiver = try HTTPReceiver()
        receiver.setAnswers([.status(503, headers: [("Retry-After", "1")]), .status(204)])
        let request =
            "POST /hook HTTP/1.1\r\nHost: a\r\nwebhook-id: 7\r\nContent-Length: 3\r\n\r\nabc"
        let answer = try exchange(receiver.port, request + request, untilCount: 2)
        #expect(answer.contains("503") && answer.contains("Retry-After: 1"))
        #expect(answer.contains("204"))
        #expect(receiver.requests.map(\.bodyText) == ["abc", "abc"])
        #expect(receiver.requests.map(\.connection) == [0, 0])
        #expect(receiver.requests.first?.header("Webhook-ID") == "7")
        #expect(receiver.requests.first?.path == "/hook")
    }

    @Test("A connection is closed, broken or left hanging as told; stop ends what hangs")
    func failures() throws {
        let receiver = try HTTPReceiver()
        receiver.setAnswers([.close, .broken, .delayed(milliseconds: 1, .status(200)), .hang])
        let request = "GET / HTTP/1.1\r\n\r\n"
        #expect(try exchange(receiver.port, request) == "")
        #expect(try exchange(receiver.port, request) == "HTTP/1.1 20")
        #expect(try exchange(receiver.port, request).contains("200"))
        let socket = try #require(connectToLoopback(port: receiver.port))
        defer { close(socket) }
        #expect(send(socket, Array(request.utf8), request.utf8.count, 0) == request.utf8.count)
        #expect(receiver.waitForRequests(4))
        receiver.stop()
        var byte: UInt8 = 0
        #expect(recv(socket, &byte, 1, 0) <= 0)
        #expect(waitUntil { !accepts(port: receiver.port) })
    }
}

extension String {
    fileprivate func components(separatedBy mark: String) -> Int {
        var count = 1
        var rest = self[...]
        while let place = rest.firstRange(of: mark) {
            count += 1
            rest = rest[place.upperBound...]
        }
        return count
    }
}
