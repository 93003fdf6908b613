import Synchronization
import TocsinEngine
import TocsinMQTT

/// How each broker's connection stands, and what it says it has dropped.
final class BrokerBoard: Sendable {
    enum Standing: String, Sendable {
        case connecting, connected, subscribed, lost, refused
    }

    struct Broker: Sendable {
        var name: String
        var standing = Standing.connecting
        var losses: UInt64 = 0
        var dropped: Double?
    }

    private struct State {
        var brokers: [Broker]
    }

    /// What the broker publishes of messages it dropped for full queues (mosquitto(8)).
    static let droppedTopic = "$SYS/broker/publish/messages/dropped"

    private let state: Mutex<State>

    init(names: [String]) {
        state = Mutex(State(brokers: names.map { Broker(name: $0) }))
    }

    var brokers: [Broker] { state.withLock { $0.brokers } }
    var allSubscribed: Bool {
        state.withLock { $0.brokers.allSatisfy { $0.standing == .subscribed } }
    }
    func name(_ broker: UInt8) -> String { state.withLock { $0.brokers[Int(broker)].name } }

    func set(_ broker: UInt8, _ standing: Standing) {
        state.withLock { state in
            let before = state.brokers[Int(broker)].standing
            if standing == .lost && before != .lost { state.brokers[Int(broker)].losses += 1 }
            // The tries that follow a loss are still the loss, until something was confirmed.
            if standing == .connecting && before == .lost { return }
            state.brokers[Int(broker)].standing = standing
        }
    }

    /// A count of dropped messages: when it grows, messages for us or for others were lost.
    func watch(_ frame: MQTTFrame, journald: Journald, announce: (EventNote) -> Void) {
        guard let count = Double(String(decoding: frame.payload, as: UTF8.self)) else { return }
        let grown: (String, Double)? = state.withLock { state in
            let place = Int(frame.broker)
            let before = state.brokers[place].dropped
            state.brokers[place].dropped = count
            guard let before, count > before else { return nil }
            return (state.brokers[place].name, count - before)
        }
        guard let (name, more) = grown else { return }
        journald.log(
            .error, reason: "broker dropped",
            "broker \(name) dropped \(Int(more)) messages: its queues are full")
        announce(
            EventNote(
                reason: "the broker dropped \(Int(more)) messages: raise max_queued_messages, or "
                    + "find the client that is too slow", subject: name))
    }
}
