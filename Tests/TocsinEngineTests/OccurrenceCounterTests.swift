import Testing

@testable import TocsinEngine

@Suite("The count of like events")
struct OccurrenceCounterTests {
    /// Ids whose low halves collide: neighbours in the table displace one another.
    private static func id(_ number: UInt64) -> Identifier {
        Identifier(high: number, low: number / 3 * 8)
    }

    @Test("The first of its like is 1, then they are counted")
    func counts() {
        var counter = OccurrenceCounter()
        for number in 0..<3000 as Range<UInt64> {
            #expect(counter.next(OccurrenceCounterTests.id(number)) == 1)
        }
        for number in 0..<3000 as Range<UInt64> {
            #expect(counter.next(OccurrenceCounterTests.id(number)) == 2)
        }
    }

    @Test("Beyond its memory the oldest is forgotten and all others are still known")
    func forgetsTheOldest() {
        var counter = OccurrenceCounter()
        let most = UInt64(OccurrenceCounter.memoryMax)
        let extra: UInt64 = 10_000
        var repeated = 0
        for number in 0..<most + extra where counter.next(OccurrenceCounterTests.id(number)) != 1 {
            repeated += 1
        }
        #expect(repeated == 0)
        var known = 0
        for number in extra..<most + extra
        where counter.next(OccurrenceCounterTests.id(number)) == 2 {
            known += 1
        }
        #expect(known == OccurrenceCounter.memoryMax)
        #expect(counter.next(OccurrenceCounterTests.id(0)) == 1)
        #expect(counter.next(OccurrenceCounterTests.id(extra)) == 1, "0 took the oldest's place")
        #expect(counter.next(OccurrenceCounterTests.id(extra + 5)) == 3)
    }
}
