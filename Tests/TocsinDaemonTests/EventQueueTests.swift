import Testing
import TocsinModel

@testable import TocsinDaemon
@testable import TocsinEngine

@Suite("Events on their way to the logger")
struct EventQueueTests {
    private func events(_ count: Int) -> [Event] {
        let ruleSet = RuleSet(site: Site(id: "s"), packs: [])
        return (0..<count).map { number in
            Event(
                .started, mode: .live, id: Identifier(high: 0, low: UInt64(number)),
                time: Timestamp(milliseconds: Int64(number)), ruleSet: ruleSet)
        }
    }

    @Test("They come out in order, in batches, and the last one says so")
    func order() {
        let queue = EventQueue()
        queue.append(events(5))
        queue.close()
        let first = queue.take(limit: 3, milliseconds: 0)
        #expect(first.events.map(\.time.milliseconds) == [0, 1, 2])
        #expect(!first.closed)
        let second = queue.take(limit: 3, milliseconds: 0)
        #expect(second.events.map(\.time.milliseconds) == [3, 4])
        #expect(second.closed)
    }

    @Test("A logger without room is not kept from ending, and does not spin before")
    func noRoom() {
        let queue = EventQueue()
        queue.append(events(2))
        let waiting = queue.take(limit: 0, milliseconds: 1)
        #expect(waiting.events.isEmpty && !waiting.closed)
        queue.close()
        #expect(queue.take(limit: 0, milliseconds: 1000).closed)
        #expect(queue.count == 2)
    }

    @Test("An answer comes with the last event that it waits for, not before")
    func replies() {
        let queue = EventQueue()
        queue.append(events(4))
        queue.append([]) {}
        #expect(queue.take(limit: 3, milliseconds: 0).replies.isEmpty)
        queue.append(events(1))
        let rest = queue.take(limit: 1, milliseconds: 0)
        #expect(rest.events.count == 1 && rest.replies.count == 1)
        queue.append([]) {}
        #expect(queue.take(limit: 9, milliseconds: 0).replies.count == 1)
    }
}
