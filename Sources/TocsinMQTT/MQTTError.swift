/// What makes a broker's settings unusable, or a call to it impossible; each says what to do.
package enum MQTTError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The URL of a broker cannot be used; `problem` says where and how to write it.
    case badURL(url: String, problem: String)
    /// A setting is outside what the protocol or the library takes.
    case badSetting(name: String, problem: String)
    /// A certificate or key file cannot be read.
    case unreadableFile(path: String, problem: String)
    /// The library or the kernel refused a call; `call` names it.
    case failed(call: String, problem: String)
    /// Publishing without a connection, or while as many messages are in flight as allowed.
    case notConnected
    case tooManyInFlight(limit: Int)
    /// Waiting ended before what was waited for came.
    case timedOut(waitingFor: String, lastReason: String?)

    package var description: String {
        switch self {
        case .badURL(let url, let problem): "broker URL \"\(url)\": \(problem)"
        case .badSetting(let name, let problem): "broker setting \(name): \(problem)"
        case .unreadableFile(let path, let problem): "cannot read \(path): \(problem)"
        case .failed(let call, let problem): "\(call) failed: \(problem)"
        case .notConnected: "not connected to the broker"
        case .tooManyInFlight(let limit): "\(limit) messages are already in flight"
        case .timedOut(let awaited, let reason):
            "timed out waiting for \(awaited)" + (reason.map { ": \($0)" } ?? "")
        }
    }
}
