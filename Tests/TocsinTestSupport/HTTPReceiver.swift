import Foundation
import Synchronization

/// A small HTTP/1.1 server on loopback that plays a receiver of webhooks: it records every request
/// in the order of arrival and gives the answers it is told to. A thread for each connection,
/// keep-alive, bodies with Content-Length, `Expect: 100-continue`.
package final class HTTPReceiver: Sendable {
    package struct Request: Sendable {
        package var method: String
        package var path: String
        package var headers: [(name: String, value: String)]
        package var body: [UInt8]
        /// The number of the connection it came on, from 0.
        package var connection: Int

        /// The first header of this name, letters' case ignored.
        package func header(_ name: String) -> String? {
            headers.first { $0.name.lowercased() == name.lowercased() }?.value
        }

        package var bodyText: String { String(decoding: body, as: UTF8.self) }
    }

    package indirect enum Answer: Sendable {
        case status(Int, headers: [(name: String, value: String)] = [], body: String = "")
        /// Sends nothing and closes the connection.
        case close
        /// Sends half a status line and closes.
        case broken
        /// Never answers; ends with `stop`.
        case hang
        /// The answer after a pause; `stop` cuts the pause short.
        case delayed(milliseconds: Int, Answer)
        /// 200 with a body of this many bytes.
        case huge(bytes: Int)

        /// 307 to another URL.
        package static func redirect(to url: String) -> Answer {
            .status(307, headers: [("Location", url)])
        }
    }

    private struct State {
        var requests: [Request] = []
        var sockets: Set<Int32> = []
        var connections = 0
        var isStopped = false
        var answer: @Sendable (Request, Int) -> Answer
    }

    package let port: UInt16
    private let listener: Int32
    private let state: Mutex<State>
    // Nobody signals it before `stop`: pauses wait on it.
    private let stopping = NSCondition()

    // What a test sends is far below; more is a fault of the sender.
    private static let bodyLimit = 64 << 20
    private static let headLimit = 64 << 10

    /// Listens at once; with port 0 the kernel chooses. `answer` gets the request and its number
    /// from 0, on the connection's thread.
    package init(
        port: UInt16 = 0,
        answer: @escaping @Sendable (Request, Int) -> Answer = { _, _ in .status(200) }
    ) throws {
        (listener, self.port) = try listenOnLoopback(port: port)
        state = Mutex(State(answer: answer))
        let listener = listener
        Thread.detachNewThread { [weak self] in
            while true {
                let socket = accept(listener, nil, nil)
                guard socket >= 0 else { break }
                guard let self, self.serve(socket) else {
                    Glibc.close(socket)
                    break
                }
            }
            Glibc.close(listener)
        }
    }

    deinit { stop() }

    package var url: String { "http://127.0.0.1:\(port)/hook" }

    /// Every request so far, in the order in which their last byte came.
    package var requests: [Request] { state.withLock { $0.requests } }

    /// From the next request on.
    package func setAnswer(_ answer: @escaping @Sendable (Request, Int) -> Answer) {
        state.withLock { $0.answer = answer }
    }

    /// Gives these answers in turn; the last one stays.
    package func setAnswers(_ answers: [Answer]) {
        precondition(!answers.isEmpty)
        let first = requests.count
        setAnswer { _, number in answers[min(number - first, answers.count - 1)] }
    }

    /// Waits for so many requests, at most `seconds`; returns whether they came.
    package func waitForRequests(_ count: Int, seconds: Double = 10) -> Bool {
        waitUntil(seconds: seconds) { requests.count >= count }
    }

    /// Ends every connection and stops listening: the next attempt is refused.
    package func stop() {
        let isFirst = state.withLock { state in
            let isFirst = !state.isStopped
            state.isStopped = true
            for socket in state.sockets { shutdown(socket, Int32(SHUT_RDWR)) }
            return isFirst
        }
        guard isFirst else { return }
        shutdown(listener, Int32(SHUT_RDWR))
        stopping.lock()
        stopping.broadcast()
        stopping.unlock()
    }

    private var isStopped: Bool { state.withLock { $0.isStopped } }

    private func serve(_ socket: Int32) -> Bool {
        let number: Int? = state.withLock { state in
            guard !state.isStopped else { return nil }
            state.sockets.insert(socket)
            state.connections += 1
            return state.connections - 1
        }
        guard let number else { return false }
        Thread.detachNewThread { [self] in
            var reader = HTTPRequestReader(
                socket: socket, headLimit: HTTPReceiver.headLimit,
                bodyLimit: HTTPReceiver.bodyLimit)
            while let request = reader.next(connection: number) {
                guard reply(to: request, on: socket) else { break }
            }
            state.withLock { _ = $0.sockets.remove(socket) }
            Glibc.close(socket)
        }
        return true
    }

    private func reply(to request: Request, on socket: Int32) -> Bool {
        let (answer, number) = state.withLock { state in
            state.requests.append(request)
            return (state.answer, state.requests.count - 1)
        }
        return send(answer(request, number), on: socket)
    }

    /// False when the connection is not to be kept.
    private func send(_ answer: Answer, on socket: Int32) -> Bool {
        switch answer {
        case .status(let code, let headers, let body):
            var text = "HTTP/1.1 \(code) Answer\r\nContent-Length: \(body.utf8.count)\r\n"
            for header in headers { text += "\(header.name): \(header.value)\r\n" }
            return sendAll(Array((text + "\r\n" + body).utf8), to: socket)
        case .close:
            return false
        case .broken:
            _ = sendAll(Array("HTTP/1.1 20".utf8), to: socket)
            return false
        case .hang:
            pause(seconds: 3600)
            return false
        case .delayed(let milliseconds, let later):
            pause(seconds: Double(milliseconds) / 1000)
            return !isStopped && send(later, on: socket)
        case .huge(let bytes):
            let head = "HTTP/1.1 200 Answer\r\nContent-Length: \(bytes)\r\n\r\n"
            guard sendAll(Array(head.utf8), to: socket) else { return false }
            let block = [UInt8](repeating: UInt8(ascii: "x"), count: 65_536)
            var left = bytes
            while left > 0 {
                guard sendAll(Array(block.prefix(left)), to: socket) else { return false }
                left -= min(left, block.count)
            }
            return true
        }
    }

    private func pause(seconds: Double) {
        let end = Date(timeIntervalSinceNow: seconds)
        stopping.lock()
        while !isStopped, Date() < end { _ = stopping.wait(until: end) }
        stopping.unlock()
    }
}
