package import TocsinModel

/// How an entry is dressed for a receiver (`webhooks[].format`).
package enum ReceiverFormat: String, Sendable, CaseIterable {
    /// Standard Webhooks: the alert log's line as it is, signed.
    case webhook
}

/// One receiver as the configuration describes it (contract §8, `webhooks[]`).
package struct Receiver: Sendable {
    package let name: String
    package let url: String
    package var format = ReceiverFormat.webhook
    /// Signs each request; nil leaves the signature out.
    package var secret: WebhookSecret?
    /// The longest that one request may take.
    package var timeout = Span.seconds(10)
    /// A proxy's URL; nil goes directly, whatever the environment says.
    package var proxy: String?
    /// A PEM file of the authorities to trust in place of the system's.
    package var certificateAuthorities: String?
    /// Events of mode `test` are sent too.
    package var acceptTest = false
    /// Which entries the receiver wants; nil wants all.
    package var match: ReceiverMatch?

    /// The most characters of a name: it becomes a file's name.
    package static let nameLimit = 64

    /// A receiver with the defaults of the contract; throws where the name cannot be a file's name
    /// or the URL is not plain `http://` or `https://`.
    package init(name: String, url: String) throws(ReceiverError) {
        let fits = name.utf8.count <= Receiver.nameLimit && !name.isEmpty && name.first != "."
        guard fits, name.utf8.allSatisfy(Receiver.isNameByte) else { throw .name(name) }
        guard let host = Receiver.hostPart(of: url), !host.isEmpty,
            url.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F })
        else { throw .url(receiver: name, url: url) }
        self.name = name
        self.url = url
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"),
            UInt8(ascii: "-"):
            true
        default: false
        }
    }

    private static func hostPart(of url: String) -> Substring? {
        for scheme in ["http://", "https://"] where url.lowercased().hasPrefix(scheme) {
            return url.dropFirst(scheme.count).prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        }
        return nil
    }
}

/// What is wrong with a receiver or its surroundings, with the remedy in `description`.
package enum ReceiverError: Error, Equatable, CustomStringConvertible {
    case name(String)
    case url(receiver: String, url: String)
    case nameTwice(String)
    case unknown(name: String, known: [String])
    case curl(receiver: String, option: String, reason: String)
    case thread(receiver: String, errno: Int32)
    case cursor(receiver: String, reason: String)
    case log(receiver: String, reason: String)

    package var description: String {
        switch self {
        case .name(let name):
            "receiver name \"\(name)\": use 1 to \(Receiver.nameLimit) letters, digits, - _ or ."
        case .url(let receiver, let url):
            "receiver \(receiver): \"\(url)\" is no http:// or https:// address with a host"
        case .nameTwice(let name):
            "two receivers are named \(name): give each a name of its own"
        case .unknown(let name, let known):
            "no receiver is named \(name); there are: \(known.joined(separator: ", "))"
        case .curl(let receiver, let option, let reason):
            "receiver \(receiver): libcurl refuses \(option): \(reason)"
        case .thread(let receiver, let number):
            "receiver \(receiver): its thread cannot be started (errno \(number))"
        case .cursor(let receiver, let reason):
            "receiver \(receiver): its cursor cannot be used: \(reason)"
        case .log(let receiver, let reason):
            "receiver \(receiver): the alert log cannot be read: \(reason)"
        }
    }
}
