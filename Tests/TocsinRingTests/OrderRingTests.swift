import Foundation
import Synchronization
import Testing
import TocsinRing

@Suite("The order ring")
struct OrderRingTests {
    @Test("It says no when full, nil when empty, and keeps the order over many laps")
    func bounds() {
        let ring = OrderRing<Int>(capacity: 10)
        #expect(ring.capacity == 16)
        #expect(ring.popFirst() == nil)
        var next = 0
        var expected = 0
        for _ in 0..<100 {
            while ring.append(next) { next += 1 }
            #expect(next - expected == 16)
            #expect(ring.popFirst() == nil)
            ring.publish()
            #expect(ring.count == 16)
            while let element = ring.popFirst() {
                #expect(element == expected)
                expected += 1
            }
            #expect(expected == next)
        }
    }

    @Test("What is staged is not seen before it is published")
    func staging() {
        let ring = OrderRing<Int>(capacity: 16)
        #expect(ring.append(1))
        #expect(ring.popFirst() == nil)
        #expect(ring.count == 0)
        ring.publish()
        #expect(ring.count == 1)
        #expect(ring.popFirst() == 1)
    }

    @Test("A million records cross two threads in order, the reader sleeping when it has nothing")
    func threads() {
        let ring = OrderRing<UInt64>(capacity: 1024)
        let total: UInt64 = 1_000_000
        let writer = Thread {
            var next: UInt64 = 0
            while next < total {
                // Batches of all sizes; a full ring is waited for, as the sequencer does.
                for _ in 0...(next % 97) where next < total {
                    guard ring.append(next) else { break }
                    next += 1
                }
                ring.publish()
            }
        }
        writer.start()
        var expected: UInt64 = 0
        var disorder = 0
        var naps = 0
        while expected < total && naps < 10_000_000 {
            guard let element = ring.popFirst() else {
                ring.wait(milliseconds: 1000)
                naps += 1
                continue
            }
            if element != expected { disorder += 1 }
            expected += 1
        }
        #expect(disorder == 0)
        #expect(expected == total)
    }

    @Test("A sleeping reader is woken by the next record, long before its time-out")
    func wakes() {
        let ring = OrderRing<Int>(capacity: 16)
        let goes = DispatchSemaphore(value: 0)
        let writer = Thread {
            for number in 0..<200 {
                goes.wait()
                _ = ring.append(number)
                ring.publish()
            }
        }
        writer.start()
        let start = ContinuousClock.now
        for number in 0..<200 {
            goes.signal()
            var element = ring.popFirst()
            while element == nil {
                ring.wait(milliseconds: 60_000)
                element = ring.popFirst()
            }
            #expect(element == number)
        }
        #expect(ContinuousClock.now - start < .seconds(30))
    }

    @Test("After a flow nothing is left that would keep the reader from sleeping")
    func sleepsAgain() {
        let ring = OrderRing<Int>(capacity: 16)
        for number in 0..<1000 {
            #expect(ring.append(number))
            ring.publish()
            ring.wait(milliseconds: 1000)
            #expect(ring.popFirst() == number)
        }
        let start = ContinuousClock.now
        ring.wait(milliseconds: 20)
        #expect(ContinuousClock.now - start >= .milliseconds(19))
    }
}
