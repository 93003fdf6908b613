import Testing

/// Tests over real sockets run one after the other: each has its own server, and a busy machine
/// with few cores would only make them wait for each other.
@Suite("Over real sockets", .serialized)
struct SocketTests {}
