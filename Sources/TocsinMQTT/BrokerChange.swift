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
