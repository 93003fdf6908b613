import TocsinModel
import TocsinRing

/// A sample that stands in a window: milliseconds since 1970 UTC, value in the pack's unit (of a
/// pack with states: the state's position).
struct WindowSample: Equatable {
    var milliseconds: Int64
    var value: Double
}

/// Which slots of a ring stand in a binding's windows, and as which number: a function of slot and
/// binding alone, so that what leaves a window is what once entered it.
struct SlotReader {
    private let conversion: Conversion
    private let fault: ValueRange
    /// The binding that knows the states or the loop's bands; nil for other packs, whose way is
    /// the short one.
    private let special: Binding?
    private let hasStates: Bool
    private let excluded: UInt16
    private let word: UInt16
    private let outOfOrder: UInt16

    init(_ binding: Binding) {
        conversion = binding.conversion
        fault = binding.fault ?? ValueRange(low: -.infinity, high: .infinity)
        hasStates = !binding.pack.states.isEmpty
        special = hasStates || binding.loop != nil ? binding : nil
        outOfOrder = SlotMarks.outOfOrder.rawValue
        word = SlotMarks.word.rawValue
        let never =
            SlotMarks.bad.rawValue | SlotMarks.inhibited.rawValue | SlotMarks.retained.rawValue
        excluded = outOfOrder | never | (hasStates ? 0 : word)
    }

    /// Whether the slot moves the end of windows, whatever its quality.
    func isInOrder(_ slot: Slot) -> Bool { slot.marks.rawValue & outOfOrder == 0 }

    /// The slot as a window's sample; nil where it stands in no window.
    func sample(_ slot: Slot) -> WindowSample? {
        guard slot.marks.rawValue & excluded == 0 else { return nil }
        if let special {
            guard let loop = special.loop else { return state(of: slot, special) }
            switch loop.reading(of: slot.value) {
            case .stated(let quality):
                // It stands before the row's fault range, as for rules.
                guard quality == .good else { return nil }
                return WindowSample(milliseconds: slot.milliseconds, value: conversion(slot.value))
            case .outside: return nil
            case .measured, .under, .over: break
            }
        }
        let value = conversion(slot.value)
        guard value >= fault.low && value <= fault.high && value.isFinite else { return nil }
        return WindowSample(milliseconds: slot.milliseconds, value: value)
    }

    private func state(of slot: Slot, _ binding: Binding) -> WindowSample? {
        let isWord = slot.marks.rawValue & word != 0
        return binding.state(of: slot.value, isWord: isWord).map {
            WindowSample(milliseconds: slot.milliseconds, value: Double($0))
        }
    }

    /// The value of a slot that stands in a window.
    func value(_ slot: Slot) -> Double {
        hasStates ? sample(slot)?.value ?? .nan : conversion(slot.value)
    }

    /// Whether both read every slot alike.
    func reads(like other: SlotReader) -> Bool {
        conversion == other.conversion && fault == other.fault
            && special?.loop == other.special?.loop
            && special?.stateCodes == other.special?.stateCodes
            && special?.pack.states == other.special?.pack.states
    }
}

/// The slots that a window's own structures point to, by position or by position modulo the ring's
/// capacity, as numbers.
struct SlotValues {
    let ring: StreamRing
    let reader: SlotReader

    /// The value of a slot that stands in the window; any number when it was overwritten meanwhile.
    func value(at position: Int64) -> Double {
        reader.value(ring.slot(at: UInt64(bitPattern: position)))
    }
}
