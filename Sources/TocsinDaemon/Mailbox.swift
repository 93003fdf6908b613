import Synchronization

/// A first-in, first-out queue between two threads for what is rare: letters beside samples.
final class Mailbox<Element: Sendable>: Sendable {
    private let items = Mutex<[Element]>([])

    /// Letters that may wait; beyond it the sender is refused (an operator is told to try again).
    static var limit: Int { 100_000 }

    /// False when the box is full.
    func put(_ element: Element) -> Bool {
        items.withLock { items in
            guard items.count < Mailbox.limit else { return false }
            items.append(element)
            return true
        }
    }

    /// Takes everything that waits, oldest first.
    func takeAll() -> [Element] {
        items.withLock { items in
            guard !items.isEmpty else { return [] }
            let taken = items
            items = []
            return taken
        }
    }
}

/// Letters to the engine, taken one at a time as their marks come up in the order ring.
final class LetterBox: Sendable {
    private struct State {
        var letters: [Letter] = []
        var next = 0
    }

    private let state = Mutex(State())

    func put(_ letter: Letter) {
        state.withLock { $0.letters.append(letter) }
    }

    func take() -> Letter {
        state.withLock { state in
            precondition(state.next < state.letters.count, "a mark without its letter")
            let letter = state.letters[state.next]
            state.next += 1
            if state.next == state.letters.count {
                state.letters.removeAll(keepingCapacity: true)
                state.next = 0
            }
            return letter
        }
    }
}
