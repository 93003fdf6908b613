import Testing
import TocsinDecode

/// SplitMix64: small, and the same sequence for a seed on every machine.
private struct Random: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = (state ^ state >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }
}

/// Decoding against independent answers; every failure prints the seed.
struct RandomTests {
    @Test("Decimals are the nearest doubles", arguments: [UInt64(20_260_101)])
    func decimals(seed: UInt64) throws {
        var random = Random(state: seed)
        let decoder = try PayloadDecoder(DecodeRule(topics: "#"))
        var buffer = ReadingBuffer()
        for _ in 0..<100_000 {
            let text = decimal(&random)
            guard let expected = Double(text) else { continue }
            let raw = Array(text.utf8)
            let got = raw.withUnsafeBytes { bytes -> Double? in
                do throws(DecodeError) {
                    try decoder.decode(bytes, into: &buffer)
                } catch {
                    return error.reason == "number-range" ? .infinity : nil
                }
                guard case .number(let number) = buffer[0].value else { return nil }
                return number
            }
            let isEqual =
                expected.isInfinite
                ? got?.isInfinite == true : got?.bitPattern == expected.bitPattern
            if !isEqual {
                Issue.record("\(text): \(String(describing: got)), seed \(seed)")
                return
            }
        }
    }

    private func decimal(_ random: inout Random) -> String {
        func digits(_ count: Int) -> String {
            String(
                (0..<count).map { _ in Character(String(Int.random(in: 0...9, using: &random))) })
        }
        if Int.random(in: 0..<4, using: &random) == 0 {
            // A double's own shortest text, and one digit beside it: the hard neighbours.
            let number = Double(bitPattern: random.next())
            return number.isFinite ? "\(number)" : "0"
        }
        var text = Bool.random(using: &random) ? "-" : ""
        let whole = Int.random(in: 0...22, using: &random)
        text += whole == 0 ? "0" : "\(Int.random(in: 1...9, using: &random))" + digits(whole - 1)
        if Bool.random(using: &random) {
            text += "." + digits(Int.random(in: 1...25, using: &random))
        }
        if Int.random(in: 0..<3, using: &random) == 0 {
            text += "e\(Int.random(in: -345...320, using: &random))"
        }
        return text
    }

    @Test("Numbers at the edges of a double")
    func edges() throws {
        let long = String(repeating: "0", count: 1000)
        // Half-way between 1 and the next double.
        let tie = "1.00000000000000011102230246251565404236316680908203125"
        let rows = [
            ("1.7976931348623157e308", "1.7976931348623157e+308"),
            ("1.7976931348623159e308", "number-range"), ("-1e309", "number-range"),
            ("5e-324", "5e-324"), ("2e-324", "0.0"), ("1e-99999999999", "0.0"),
            ("1e99999999999", "number-range"), ("0e99999999999", "0.0"), ("-0", "-0.0"),
            ("9007199254740993", "9007199254740992.0"),
            ("9007199254740993.0000000001", "9.007199254740994e+15"),
            ("1" + long + "e-1000", "1.0"), ("0." + long + "1e1001", "1.0"),
            ("1" + long, "number-range"),
            ("0." + String(repeating: "0", count: 400) + "1", "0.0"),
            (tie, "1.0"), (tie + long, "1.0"), (tie + long + "1", "1.0000000000000002"),
        ]
        for (text, expected) in rows {
            #expect(try decoded(text) == expected, "\(text.prefix(40))")
        }
    }

    @Test(
        "Mutated payloads never crash, and exactly RFC 8259 is accepted", arguments: [UInt64(7), 8])
    func mutations(seed: UInt64) throws {
        var random = Random(state: seed)
        let decoder = try PayloadDecoder(
            DecodeRule(topics: "#", valueAt: ["/v"], timeAt: "/ts", unitAt: "/u", qualityAt: "/q"))
        let plain = try PayloadDecoder(DecodeRule(topics: "#", format: .word))
        var buffer = ReadingBuffer()
        let seeds = [
            #"{"v":12.34,"ts":1700000000123,"u":"ppm","q":"good"}"#,
            #"{"a":[1,2e5,{"b":null}],"v":-0.5,"u":"\u00b5g\/m3","x":"故障\ud83d\ude00"}"#,
            #"[true,false,null,"",{},[],0,-1.5e-3]"#, #"{"v":{"h2s":1,"co":2,"t":"x"}}"#,
        ].map { Array($0.utf8) }
        let alphabet =
            Array(#"{}[]:,"\ue+-.0123456789tfn "#.utf8) + [0x00, 0x09, 0x80, 0xC3, 0xA9, 0xF0]
        let structural = ["json", "utf8", "depth", "empty", "byte-order-mark"]
        for round in 0..<100_000 {
            var payload = seeds[round % seeds.count]
            for _ in 0..<Int.random(in: 1...3, using: &random) where !payload.isEmpty {
                let place = Int.random(in: 0..<payload.count, using: &random)
                let byte = alphabet[Int.random(in: 0..<alphabet.count, using: &random)]
                switch Int.random(in: 0..<4, using: &random) {
                case 0: payload[place] = byte
                case 1: payload.insert(byte, at: place)
                case 2: payload.remove(at: place)
                default: payload.removeSubrange(place..<min(payload.count, place + 4))
                }
            }
            let reason = payload.withUnsafeBytes { raw in
                _ = rejection(of: raw, plain, &buffer)
                return rejection(of: raw, decoder, &buffer) ?? "none"
            }
            // A rejection for its meaning may come before a later mistake in the grammar.
            let isSyntaxError = structural.contains(reason) && !reason.hasPrefix("utf8")
            let isMeaning = ["utf8", "unit", "duplicate-member", "not-a-number"].contains(reason)
            var checker = SlowChecker(payload)
            if !isMeaning && checker.isJSON() == isSyntaxError {
                let text = String(decoding: payload, as: UTF8.self)
                Issue.record("\(text) gave \(reason), seed \(seed) round \(round)")
                return
            }
        }
    }
}

/// RFC 8259 written down a second time, as plainly as possible: recursive descent over an array.
private struct SlowChecker {
    private var rest: ArraySlice<UInt8>
    private let isText: Bool

    init(_ bytes: [UInt8]) {
        rest = bytes[...]
        isText = String(validating: bytes, as: UTF8.self) != nil
    }

    mutating func isJSON() -> Bool {
        guard isText else { return false }
        space()
        guard value() else { return false }
        space()
        return rest.isEmpty
    }

    private mutating func space() {
        while let byte = rest.first, byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D {
            rest.removeFirst()
        }
    }

    private mutating func take(_ text: String) -> Bool {
        guard rest.starts(with: text.utf8) else { return false }
        rest.removeFirst(text.utf8.count)
        return true
    }

    private mutating func value() -> Bool {
        if take("true") || take("false") || take("null") { return true }
        if take("[") { return list(closing: "]") { checker in checker.value() } }
        if take("{") {
            return list(closing: "}") { checker in
                guard checker.string() else { return false }
                checker.space()
                guard checker.take(":") else { return false }
                checker.space()
                return checker.value()
            }
        }
        return rest.first == 0x22 ? string() : number()
    }

    private mutating func list(closing: String, element: (inout SlowChecker) -> Bool) -> Bool {
        space()
        if take(closing) { return true }
        while true {
            space()
            guard element(&self) else { return false }
            space()
            if take(closing) { return true }
            guard take(",") else { return false }
        }
    }

    private mutating func string() -> Bool {
        guard take("\"") else { return false }
        while let byte = rest.popFirst() {
            if byte == 0x22 { return true }
            if byte < 0x20 { return false }
            guard byte == 0x5C else { continue }
            guard let escape = rest.popFirst() else { return false }
            if escape == 0x75 {
                let hex = rest.prefix(4)
                let allowed = "0123456789abcdefABCDEF".utf8
                guard hex.count == 4, hex.allSatisfy({ allowed.contains($0) }) else { return false }
                rest.removeFirst(4)
            } else if "\"\\/bfnrt".utf8.contains(escape) == false {
                return false
            }
        }
        return false
    }

    private mutating func digits() -> Int {
        let count = rest.prefix { (0x30...0x39).contains($0) }.count
        rest.removeFirst(count)
        return count
    }

    private mutating func number() -> Bool {
        _ = take("-")
        if !take("0") && digits() == 0 { return false }
        if take(".") && digits() == 0 { return false }
        if take("e") || take("E") {
            if !take("+") { _ = take("-") }
            return digits() > 0
        }
        return true
    }
}
