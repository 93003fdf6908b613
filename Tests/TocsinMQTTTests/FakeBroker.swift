import Glibc
import TocsinTestSupport

@testable import TocsinMQTT

/// A broker for what mosquitto never says: it accepts every connection, answers SUBSCRIBE with a
/// chosen code and refuses every PUBLISH of MQTT 5 (0x87, not authorized). Driven by the test's
/// own thread through `answer`.
final class FakeBroker {
    private let listener: Int32
    private let port: UInt16
    private let version: MQTTVersion
    private let subscriptionAnswer: UInt8
    private var connection: Int32 = -1

    init(version: MQTTVersion = .v311, subscriptionAnswer: UInt8 = 1) throws {
        (listener, port) = try listenOnLoopback()
        self.version = version
        self.subscriptionAnswer = subscriptionAnswer
        _ = fcntl(listener, F_SETFL, O_NONBLOCK)
    }

    deinit {
        if connection >= 0 { close(connection) }
        close(listener)
    }

    func settings() throws -> BrokerSettings {
        try BrokerSettings(url: "mqtt://127.0.0.1:\(port)", version: version, subscribe: ["t/#"])
    }

    /// Answers what has arrived since; each of these packets fits into one read on loopback.
    func answer() {
        if connection < 0 {
            connection = accept(listener, nil, nil)
            guard connection >= 0 else { return }
            _ = fcntl(connection, F_SETFL, O_NONBLOCK)
        }
        var bytes = [UInt8](repeating: 0, count: 1024)
        let count = recv(connection, &bytes, bytes.count, 0)
        var rest = bytes.prefix(max(count, 0))
        // Every packet here is shorter than 128 bytes: one byte of length.
        while rest.count >= 2 {
            let packet = Array(rest.prefix(2 + Int(rest[rest.startIndex + 1])))
            rest = rest.dropFirst(packet.count)
            answer(packet)
        }
    }

    private func answer(_ packet: [UInt8]) {
        let isV5 = version == .v5
        switch packet[0] >> 4 {
        case 1: say(isV5 ? [0x20, 3, 0, 0, 0] : [0x20, 2, 0, 0])
        case 3:
            let place = 4 + Int(packet[3])
            say([0x40, 3, packet[place], packet[place + 1], 0x87])
        case 8:
            let properties: [UInt8] = isV5 ? [0] : []
            let body = [packet[2], packet[3]] + properties + [subscriptionAnswer]
            say([0x90, UInt8(body.count)] + body)
        default: break
        }
    }

    /// Sends a packet as it is.
    func say(_ bytes: [UInt8]) {
        let count = send(connection, bytes, bytes.count, Int32(MSG_NOSIGNAL))
        precondition(count == bytes.count, "loopback took part of a small packet")
    }
}
