import Testing
import TocsinDelivery
import TocsinModel

struct BackoffTests {
    private func pauses(_ count: Int, seed: UInt64) -> [Pause] {
        var backoff = Backoff(limits: DeliveryLimits(), seed: seed)
        return (0..<count).map { _ in backoff.pause(after: .connect) }
    }

    @Test("Pauses double up to a minute, each spread between half and all of it", arguments: 0..<20)
    func growth(seed: UInt64) {
        let whole: [Int64] = [500, 1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000]
        for (pause, longest) in zip(pauses(whole.count, seed: seed), whole) {
            let length = pause.ordinary.milliseconds
            #expect(length >= longest / 2 && length <= longest, "seed \(seed)")
            #expect(pause.forFire == min(pause.ordinary, .seconds(5)), "seed \(seed)")
        }
    }

    @Test("The same seed spreads alike, another one differently")
    func seeded() {
        #expect(pauses(8, seed: 1) == pauses(8, seed: 1))
        #expect(pauses(8, seed: 1) != pauses(8, seed: 2))
    }

    @Test("Pauses stay bounded however often an attempt fails")
    func bounded() {
        #expect(pauses(5000, seed: 3).allSatisfy { $0.ordinary <= .seconds(60) })
    }

    @Test("A success begins anew")
    func reset() {
        var backoff = Backoff(limits: DeliveryLimits(), seed: 1)
        for _ in 0..<10 { _ = backoff.pause(after: .server) }
        backoff.reset()
        #expect(backoff.pause(after: .server).ordinary <= Span(milliseconds: 500))
    }

    @Test("Retry-After is obeyed within its limit, and never shortens a pause")
    func retryAfter() {
        var backoff = Backoff(limits: DeliveryLimits(), seed: 1)
        let asked = backoff.pause(after: .busy, retryAfter: .seconds(30))
        #expect(asked == Pause(ordinary: .seconds(30), forFire: .seconds(30)))
        let absurd = backoff.pause(after: .busy, retryAfter: .seconds(1 << 30))
        #expect(absurd.ordinary == .seconds(600))
        for _ in 0..<10 { _ = backoff.pause(after: .busy) }
        let short = backoff.pause(after: .busy, retryAfter: .seconds(1))
        #expect(short.ordinary >= .seconds(30))
    }

    @Test(
        "What needs a person is retried slowly at once", arguments: [FailureReason.gone, .refused])
    func slow(reason: FailureReason) {
        var backoff = Backoff(limits: DeliveryLimits(), seed: 1)
        let pause = backoff.pause(after: reason)
        #expect(pause.ordinary >= .seconds(150) && pause.ordinary <= .seconds(300))
        #expect(pause.forFire == pause.ordinary)
    }

    @Test(
        "A status is judged as Standard Webhooks and the contract say",
        arguments: [
            (200, nil), (204, nil), (299, nil), (301, .redirect), (307, .redirect),
            (400, .rejected),
            (401, .refused), (404, .refused), (408, .timeout), (410, .gone), (413, .rejected),
            (422, .rejected), (429, .busy), (451, .refused), (500, .server), (503, .server),
            (199, .strange), (700, .strange),
        ] as [(Int, FailureReason?)])
    func status(code: Int, expected: FailureReason?) {
        let exchange = Exchange.answered(status: code, retryAfter: .seconds(3), location: nil)
        switch exchange.verdict {
        case .delivered: #expect(expected == nil)
        case .failed(let reason, let text, let retryAfter):
            #expect(reason == expected)
            #expect(text.contains("\(code)"))
            #expect(retryAfter == .seconds(3))
        case .aborted: Issue.record("an answer is no abort")
        }
    }
}
