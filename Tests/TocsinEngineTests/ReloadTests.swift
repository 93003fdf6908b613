import Testing
import TocsinEngine
import TocsinModel

@Suite("A reload keeps what means the same")
struct ReloadTests {
    private func reload(
        _ gas: inout GasFixture, at second: Double, _ packs: [Pack], listings: [StreamListing] = []
    ) {
        let set = RuleSet(
            site: Site(id: "test-site"), packs: packs, listings: listings,
            hasInventory: !listings.isEmpty, hash: "sha256:02")
        gas.pipeline.step(.reload(set), arrival: GasFixture.at(second), appendingTo: &gas.events)
    }

    @Test("The same set changes nothing: state, acknowledgement, latch, pending delay, over-range")
    func kept() throws {
        func story(reloading: Bool) throws -> [String] {
            var gas = GasFixture([try GasFixture.pack()])
            for second in 0...40 {
                let value: Double = second < 5 ? 30 : second < 8 ? 110 : 1
                gas.feed(value, at: Double(second))
                if second == 6 { _ = gas.command(.acknowledge, at: 6) }
                if second == 9 { _ = gas.command(.reset, at: 9, confirms: true) }
                if second == 30 { _ = gas.command(.reset, at: 30) }
                if reloading {
                    reload(&gas, at: Double(second) + 0.25, [try GasFixture.pack()])
                }
            }
            gas.tick(50)
            return gas.story.filter { !$0.hasPrefix("reloaded") }
        }
        let expected = [
            "raised H 3", "acknowledged H 6", "escalated HH 8", "cleared H 19", "raised stale 43",
        ]
        let plain = try story(reloading: false)
        #expect(plain.first == expected[0])
        #expect(try story(reloading: true) == plain)
    }

    @Test("An alarm that a late sample raised does not begin to clear by a reload")
    func late() throws {
        let pack = try GasFixture.pack {
            $0.onDelay = .zero
            $0.offDelay = .zero
        }
        var gas = GasFixture([pack])
        gas.feed(1, at: 10)
        gas.feed(60, at: 5, delay: 6)
        reload(&gas, at: 11, [pack])
        #expect(gas.story == ["raised HH 5", "reloaded - 11"])
    }

    @Test("A reload does not begin a silence anew")
    func silence() throws {
        var gas = GasFixture([try GasFixture.pack()])
        gas.feed(1, at: 0)
        for second in 1...10 { reload(&gas, at: Double(second), [try GasFixture.pack()]) }
        #expect(gas.story.contains("raised stale 3"))
        #expect(gas.events.first { $0.kind == .raised }?.received == GasFixture.at(3.5))
    }

    @Test("A moved limit is looked at at once, and its alarm raises or clears without a new sample")
    func limitMoved() throws {
        var pack = try GasFixture.pack {
            $0.onDelay = .zero
            $0.offDelay = .zero
        }
        var gas = GasFixture([pack])
        gas.feed(30, at: 0)
        pack.limits[0].value = .number(40, unit: nil)
        reload(&gas, at: 1, [pack])
        #expect(gas.story == ["raised H 0", "cleared H 1", "reloaded - 1"])
        #expect(gas.events[1].state == .latchedUnacknowledged)
        #expect(EventFactsProbe.limit(of: gas.events[0]) == "25")
        pack.limits[0].value = .number(20, unit: nil)
        reload(&gas, at: 2, [pack])
        #expect(gas.story.suffix(2) == ["raised H 2", "reloaded - 2"])
        #expect(gas.events[3].occurrence == gas.events[0].occurrence)
    }

    @Test("A removed, renamed or otherwise meant rule closes its alarm, and says why")
    func removed() throws {
        for change in ["removed", "renamed", "meaning", "pack"] {
            var pack = try GasFixture.pack { $0.onDelay = .zero }
            var gas = GasFixture([pack])
            gas.feed(30, at: 0)
            switch change {
            case "removed": pack.pattern = try StreamPattern("elsewhere/#")
            case "renamed": pack.rules[0].name = "hazchem/gas/HIGH"
            case "meaning": pack.rules[0].meaning = "value > limit.H"
            default:
                pack.name = "site/gas"
                for rule in pack.rules.indices {
                    pack.rules[rule].name = "site/gas/" + pack.rules[rule].shortName
                }
            }
            reload(&gas, at: 1, [pack])
            let cleared = gas.events.filter { $0.kind == .cleared }
            #expect(cleared.count == 1, "\(change)")
            #expect(cleared[0].note?.reason == "rule-removed")
            #expect(cleared[0].occurrence == gas.events[0].occurrence)
            #expect(cleared[0].previous == gas.events[0].id)
            #expect(cleared[0].state == .normal)
            #expect(cleared[0].alarm == gas.events[0].alarm)
            let raised = gas.events.filter { $0.kind == .raised }.count
            #expect(raised == (change == "removed" ? 1 : 2), "\(change)")
        }
    }

    @Test("Two alarms that the new rules make one: the first lives on, the second is closed")
    func merged() throws {
        var pack = try GasFixture.pack { $0.onDelay = .zero }
        pack.chains = [[0], [1], [2], [3], [4]]
        var gas = GasFixture([pack])
        gas.feed(60, at: 0)
        #expect(gas.story == ["raised H 0", "raised HH 0"])
        pack.chains = [[0, 1], [2], [3], [4]]
        reload(&gas, at: 1, [pack])
        let cleared = gas.events.filter { $0.kind == .cleared }
        #expect(cleared.map { $0.occurrence } == [gas.events[1].occurrence])
        #expect(gas.pipeline.engine.standingAlarms().count == 1)
    }

    @Test("A running delay that is stated differently counts from the same beginning")
    func delayChanged() throws {
        var gas = GasFixture([try GasFixture.pack()])
        gas.feed(30, at: 0)
        reload(&gas, at: 1, [try GasFixture.pack { $0.onDelay = .seconds(2) }])
        gas.feed(30, at: 2)
        #expect(gas.story == ["reloaded - 1", "raised H 2"])
        gas.feed(1, at: 4)
        reload(&gas, at: 5, [try GasFixture.pack { $0.offDelay = .seconds(2) }])
        gas.feed(1, at: 6)
        #expect(gas.story.last == "cleared H 6")
    }

    @Test("Over-range of one pack is not given to, nor lost to, another with the same match")
    func overRangeOfTwoPacks() throws {
        var other = try GasFixture.pack { $0.name = "site/gas/" + $0.shortName }
        other.name = "site/gas"
        other.latchesOver = false
        for packs in [[try GasFixture.pack(), other], [other, try GasFixture.pack()]] {
            var gas = GasFixture(packs)
            for second in 0...4 { gas.feed(110, at: Double(second)) }
            reload(&gas, at: 4, packs)
            for second in 5...40 { gas.feed(1, at: Double(second)) }
            let standing = gas.pipeline.engine.standingAlarms()
            let holding = standing.filter { $0.state == .unacknowledged }.map {
                $0.binding.pack.name
            }
            #expect(holding == ["hazchem/gas"])
        }
    }

    @Test("A unit that the inventory gives is in force at once, for the last value too")
    func unitGiven() throws {
        var gas = GasFixture([try GasFixture.pack { $0.onDelay = .zero }])
        gas.feed(1, at: 0)
        var listing = StreamListing(stream: GasFixture.stream)
        listing.unit = GasFixture.unit("%vol")
        var pack = try GasFixture.pack { $0.onDelay = .zero }
        pack.gas = Gas.named("CH4")
        reload(&gas, at: 1, [pack], listings: [listing])
        // 1 %vol of methane (lower explosive limit 5 %vol) is 20 %LEL, 2 %vol are 40.
        #expect(gas.story == ["reloaded - 1"])
        gas.feed(2, at: 2)
        #expect(gas.story.last == "raised H 2")
        #expect(gas.events.last?.value == 40)
    }

    @Test("Event ids go on counting: the same event at the same time is another one after a reload")
    func ids() throws {
        let pack = try GasFixture.pack { $0.onDelay = .zero }
        var gas = GasFixture([pack])
        gas.feed(1, at: 10)
        gas.feed(60, at: 5, delay: 6)
        let elsewhere = try StreamPattern("elsewhere/#")
        var away = pack
        away.pattern = elsewhere
        reload(&gas, at: 12, [away])
        reload(&gas, at: 13, [pack])
        gas.feed(61, at: 5, delay: 9)
        let raised = gas.events.filter { $0.kind == .raised }
        #expect(raised.map { $0.time } == [GasFixture.at(5), GasFixture.at(5)])
        #expect(Set(gas.events.map { $0.id }).count == gas.events.count)
    }
}

/// Reads what an event's line says.
enum EventFactsProbe {
    static func limit(of event: Event) -> String? {
        let text = String(
            decoding: EventLine(logged: nil, isReplay: true).body(of: event), as: UTF8.self)
        guard let start = text.firstRange(of: "\"limit\":") else { return nil }
        return String(text[start.upperBound...].prefix { $0 != "," })
    }
}
