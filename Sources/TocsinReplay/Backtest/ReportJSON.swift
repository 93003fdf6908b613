import TocsinEngine
import TocsinModel

/// A JSON value whose members keep their order, so that the same report gives the same bytes.
indirect enum ReportJSON {
    case null
    case boolean(Bool)
    case number(Double)
    case integer(Int64)
    case text(String)
    case list([ReportJSON])
    case object([(name: String, value: ReportJSON)])

    static func count(_ number: Int) -> ReportJSON { .integer(Int64(number)) }
    static func time(_ time: Timestamp?) -> ReportJSON {
        time.map { .integer($0.milliseconds) } ?? .null
    }
    static func span(_ span: Span?) -> ReportJSON {
        span.map { .integer($0.milliseconds) } ?? .null
    }

    /// Appends the value without white space.
    func write(to bytes: inout [UInt8]) {
        switch self {
        case .null: bytes += "null".utf8
        case .boolean(let flag): bytes += (flag ? "true" : "false").utf8
        case .number(let number):
            bytes += (number.isFinite ? JSONMembers.shortest(number) : "null").utf8
        case .integer(let number): bytes += String(number).utf8
        case .text(let text): JSONMembers.append(text, to: &bytes)
        case .list(let values):
            bytes.append(UInt8(ascii: "["))
            for (position, value) in values.enumerated() {
                if position > 0 { bytes.append(UInt8(ascii: ",")) }
                value.write(to: &bytes)
            }
            bytes.append(UInt8(ascii: "]"))
        case .object(let members):
            bytes.append(UInt8(ascii: "{"))
            for (position, member) in members.enumerated() {
                if position > 0 { bytes.append(UInt8(ascii: ",")) }
                JSONMembers.append(member.name, to: &bytes)
                bytes.append(UInt8(ascii: ":"))
                member.value.write(to: &bytes)
            }
            bytes.append(UInt8(ascii: "}"))
        }
    }
}
