/// Which messages are on their way: one bit for each of the 65 536 message identifiers.
struct InFlight {
    private var unsent = [UInt64](repeating: 0, count: 1024)
    private var unacknowledged = [UInt64](repeating: 0, count: 1024)
    private(set) var count = 0
    private var unsentCount = 0

    mutating func begin(_ message: Int32, qos: UInt8) {
        let (word, bit) = InFlight.place(message)
        if qos == 0 {
            unsent[word] |= bit
            unsentCount += 1
        } else {
            unacknowledged[word] |= bit
        }
        count += 1
    }

    /// False for a message that is not on its way.
    mutating func end(_ message: Int32) -> Bool {
        let (word, bit) = InFlight.place(message)
        if unacknowledged[word] & bit != 0 {
            unacknowledged[word] &= ~bit
        } else if unsent[word] & bit != 0 {
            unsent[word] &= ~bit
            unsentCount -= 1
        } else {
            return false
        }
        count -= 1
        return true
    }

    /// Forgets the QoS 0 messages: a lost connection takes them along, while the library sends
    /// those of QoS 1 again.
    mutating func dropUnsent() -> Int {
        let dropped = unsentCount
        guard dropped > 0 else { return 0 }
        for word in unsent.indices { unsent[word] = 0 }
        unsentCount = 0
        count -= dropped
        return dropped
    }

    private static func place(_ message: Int32) -> (word: Int, bit: UInt64) {
        let number = Int(UInt16(truncatingIfNeeded: message))
        return (number >> 6, 1 << UInt64(number & 63))
    }
}
