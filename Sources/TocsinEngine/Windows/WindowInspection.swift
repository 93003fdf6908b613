package import TocsinModel

// What windows hold, for `explain` and for tests.

extension Engine {
    /// A function of a window now, in the pack's unit (rates per second, doses times seconds); nil =
    /// unknown, or no such stream or pack there. `window`: its position in the pack's `windows`.
    package func windowValue(
        _ function: WindowFunction, ofWindow window: Int, pack: String, stream: String,
        mode: Mode = .live
    ) -> Double? {
        guard let binding = binding(ofPack: pack, stream: stream, mode: mode) else { return nil }
        let value = self.window(UInt16(window), function, of: binding)
        return value.isNaN ? nil : value
    }

    /// The least-squares line of a window now; nil = unknown.
    package func windowLine(
        ofWindow window: Int, pack: String, stream: String, mode: Mode = .live
    ) -> LineFit? {
        guard let binding = binding(ofPack: pack, stream: stream, mode: mode) else { return nil }
        return line(UInt16(window), of: binding)
    }

    /// Whether a window's samples lie within `width` of each other; nil = unknown.
    package func windowIsFlat(
        within width: Double, ofWindow window: Int, pack: String, stream: String,
        mode: Mode = .live
    ) -> Bool? {
        guard let binding = binding(ofPack: pack, stream: stream, mode: mode) else { return nil }
        let found = isFlat(UInt16(window), within: width, of: binding)
        return found.isNaN ? nil : found == 1
    }

    private func binding(ofPack pack: String, stream: String, mode: Mode) -> Int? {
        guard let number = numbers[StreamKey(name: stream, mode: mode)] else { return nil }
        return streams[number].bindings.first { bindings[$0].binding.pack.name == pack }
    }
}
