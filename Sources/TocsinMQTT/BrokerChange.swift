/// What happened between a broker and us. `reason` is a sentence for people; each change is
/// reported on the I/O thread, in order with the frames.
package enum BrokerChange: Equatable, Sendable {
    /// An attempt begins: name resolution, TCP, TLS, CONNECT.
    case connecting
    /// The broker accepted; without a present session its backlog is lost or never was.
    case connected(sessionPresent: Bool)
    /// Every filter of `subscribe` is confirmed since this connection.
    case subscribed
    case subscriptionRefused(filter: String, reason: String)
    /// The broker grants less than asked: with 0 nothing is kept for us while we are away.
    case subscriptionDowngraded(filter: String, granted: UInt8)
    /// A connection that had been accepted is gone.
    case lost(reason: String)
    /// The broker answered and does not want us (user, password, client identifier, version).
    case refused(reason: String)
    /// The attempt did not get as far as an answer.
    case unreachable(reason: String)
}

/// One MQTT message as it arrives; the bytes are valid only inside the call that hands it over.
///
/// The DUP bit is not here: libmosquitto does not tell it. Repeats are told by content (contract
/// §8). `isRetained` is true only for what the broker had stored when we subscribed, never for a
/// live message: with MQTT 5 "retain as published" is therefore left off.
package struct MQTTFrame {
    package var topic: UnsafeRawBufferPointer
    package var payload: UnsafeRawBufferPointer
    package var qos: UInt8
    package var isRetained: Bool
    /// It came by one of the `watch` filters and is none of the daemon's input.
    package var isWatch: Bool
    /// The number given to the client, to tell brokers apart.
    package var broker: UInt8
}
