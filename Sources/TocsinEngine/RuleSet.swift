package import TocsinModel

/// A limit's cell in the inventory.
package enum LimitCell: Sendable, Equatable {
    case value(Double, unit: UnitIndex?)
    case off(reason: String)
}

/// What the inventory says of one stream (contract §5); every member but the name may be missing.
package struct StreamListing: Sendable, Equatable {
    package var stream: String
    package var name: String?
    package var domain: String?
    package var unit: UnitIndex?
    /// Span and fault range in the listing's unit, else the pack's; the span of a 4…20 mA loop is in
    /// the pack's.
    package var span: ValueRange?
    package var fault: ValueRange?
    /// Loop currents with a meaning of their own.
    package var currents: [CurrentMeaning] = []
    package var cadence: Cadence?
    package var zone: String?
    package var group: String?
    package var latitude: Double?
    package var longitude: Double?
    package var crs: String?
    package var limits: [(name: String, cell: LimitCell)]
    package var labels: [(name: String, value: String)]

    package init(stream: String) {
        self.stream = stream
        limits = []
        labels = []
    }

    package static func == (a: StreamListing, b: StreamListing) -> Bool {
        a.stream == b.stream && a.name == b.name && a.domain == b.domain && a.unit == b.unit
            && a.span == b.span && a.fault == b.fault && a.cadence == b.cadence && a.zone == b.zone
            && a.group == b.group && a.latitude == b.latitude && a.longitude == b.longitude
            && a.crs == b.crs && a.currents == b.currents
            && a.limits.elementsEqual(b.limits) { $0.name == $1.name && $0.cell == $1.cell }
            && a.labels.elementsEqual(b.labels) { $0.name == $1.name && $0.value == $1.value }
    }
}

/// The state words of all packs, numbered, so that a sample carries a number in any case.
package struct Vocabulary: Sendable {
    package let words: [String]
    private let numbers: [String: Int]

    /// Numbers the packs' words. Words of `older` keep their numbers, so that samples taken before
    /// a reload still say the same.
    package init(_ packs: [Pack], extending older: Vocabulary? = nil) {
        var list = older?.words ?? []
        var known = older?.numbers ?? [:]
        for pack in packs {
            for state in pack.states {
                for word in state.words where known[Vocabulary.folded(word)] == nil {
                    known[Vocabulary.folded(word)] = list.count
                    list.append(word)
                }
            }
        }
        words = list
        numbers = known
    }

    /// The number of a word; nil when no pack knows it.
    package func number(of word: String) -> Int? { numbers[Vocabulary.folded(word)] }

    /// Words are compared without regard to ASCII case: field devices say `Run` and `RUN`.
    package static func folded(_ word: String) -> String {
        String(
            String.UnicodeScalarView(
                word.unicodeScalars.map { scalar in
                    scalar.value >= 65 && scalar.value <= 90
                        ? Unicode.Scalar(UInt8(scalar.value + 32)) : scalar
                }))
    }
}

/// Everything in force at one time: checked packs, inventory, site and time limits. Immutable;
/// a reload brings a new one.
package final class RuleSet: Sendable {
    package let site: Site
    package let packs: [Pack]
    package let listings: [StreamListing]
    /// True when an inventory was given: then unlisted publishers are announced.
    package let hasInventory: Bool
    package let vocabulary: Vocabulary
    /// `sha256:` and the hex hash under which the set is stored.
    package let hash: String
    package let options: EngineOptions
    private let listingByName: [String: Int]

    package init(
        site: Site, packs: [Pack], listings: [StreamListing] = [], hasInventory: Bool = false,
        hash: String = "", options: EngineOptions = EngineOptions(),
        extending older: Vocabulary? = nil
    ) {
        self.site = site
        self.packs = packs
        self.listings = listings
        self.hasInventory = hasInventory
        self.hash = hash
        self.options = options
        vocabulary = Vocabulary(packs, extending: older)
        var names: [String: Int] = [:]
        for (position, listing) in listings.enumerated() { names[listing.stream] = position }
        listingByName = names
    }

    /// The same set with the words of `older` numbered as they were.
    package func extending(_ older: Vocabulary) -> RuleSet {
        RuleSet(
            site: site, packs: packs, listings: listings, hasInventory: hasInventory, hash: hash,
            options: options, extending: older)
    }

    /// The packs that match a stream, with the labels captured, in the order of `packs`.
    package func matches(
        _ stream: String
    ) -> [(pack: Int, labels: [(name: String, value: String)])] {
        var found: [(pack: Int, labels: [(name: String, value: String)])] = []
        for (position, pack) in packs.enumerated() {
            if let labels = pack.labels(matching: stream) { found.append((position, labels)) }
        }
        return found
    }

    /// The unit of a stream: the inventory's, else the one its first message named, unless no pack
    /// that watches it can convert that. One wrong message must not take a stream from its rules:
    /// then the pack's unit is meant (nil), and samples in another dimension are dropped.
    package func statedUnit(of stream: String, named: UnitIndex?) -> UnitIndex? {
        if let unit = listing(of: stream)?.unit { return unit }
        guard let named else { return nil }
        let watching = matches(stream).map { packs[$0.pack] }.filter { $0.unit != nil }
        let fits =
            watching.isEmpty
            || watching.contains { pack in
                guard let unit = pack.unit else { return false }
                let line = UnitTable.standard.conversion(
                    from: named, to: unit, gas: pack.gas, condition: pack.gasCondition)
                switch line {
                case .success: return true
                case .failure: return false
                }
            }
        return fits ? named : nil
    }

    /// The inventory's row of a stream; nil when it is not listed.
    package func listing(of stream: String) -> StreamListing? {
        listingByName[stream].map { listings[$0] }
    }
}

/// Time limits of the engine (contract §8 `limits`).
package struct EngineOptions: Sendable, Equatable {
    /// How much later than its deadline a timer without later samples fires.
    package var lateness: Span
    /// How far ahead of arrival a sample's time may be.
    package var future: Span
    package var streamsMax: Int
    /// Samples a ring holds when a stream has no cadence but a rule needs a window.
    package var samplesPerWindow: Int
    /// Bytes of the longest payload accepted.
    package var payloadMax: Int

    package init(
        lateness: Span = Span(milliseconds: 500), future: Span = .seconds(60),
        streamsMax: Int = 100_000, samplesPerWindow: Int = 4096, payloadMax: Int = 256 * 1024
    ) {
        self.lateness = lateness
        self.future = future
        self.streamsMax = streamsMax
        self.samplesPerWindow = samplesPerWindow
        self.payloadMax = payloadMax
    }
}
