import Foundation
import Glibc
import Synchronization
import TocsinConsole

/// Those who asked for a reload over the API and wait for its outcome. The reload itself runs on the
/// main thread, like the one that SIGHUP asks for: the signal is how it is woken.
final class ReloadDesk: Sendable {
    private struct State {
        var waiting: [(number: Int, continuation: CheckedContinuation<ReloadOutcome, Never>)] = []
        var next = 0
    }

    /// How long a reload may take: a hundred thousand inventory rows are read well within.
    static let patienceSeconds = 12.0
    /// People who wait at once; more are told to try again.
    static let waitingMax = 32

    private let state = Mutex(State())

    /// Asks for a reload and waits for its outcome.
    func ask() async -> ReloadOutcome {
        await withCheckedContinuation { continuation in
            let number: Int? = state.withLock { state in
                guard state.waiting.count < ReloadDesk.waitingMax else { return nil }
                state.next += 1
                state.waiting.append((state.next, continuation))
                return state.next
            }
            guard let number else {
                continuation.resume(returning: .unavailable(reason: "too many reloads wait"))
                return
            }
            kill(getpid(), SIGHUP)
            DispatchQueue.global().asyncAfter(deadline: .now() + ReloadDesk.patienceSeconds) {
                self.giveUp(number)
            }
        }
    }

    /// Tells everybody who waits.
    func answer(_ outcome: ReloadOutcome) {
        let waiting = state.withLock { state in
            let waiting = state.waiting
            state.waiting.removeAll()
            return waiting
        }
        for (_, continuation) in waiting { continuation.resume(returning: outcome) }
    }

    private func giveUp(_ number: Int) {
        let late = state.withLock { state in
            let place = state.waiting.firstIndex { $0.number == number }
            return place.map { state.waiting.remove(at: $0).continuation }
        }
        late?.resume(returning: .unavailable(reason: "the reload takes too long; see the journal"))
    }
}
