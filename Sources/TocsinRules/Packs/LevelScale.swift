/// A colour scale that a pack may speak in: a colour means nothing without it (contract §1).
struct LevelScale {
    var name: String
    /// Most dangerous first.
    var levels: [String]

    /// `site-risk-4` and `emergency-4` use the four warning colours in different senses, as does
    /// GB 51108 for tailings; fire danger has QX/T 77-2007's five.
    static let known: [LevelScale] = [
        LevelScale(name: "site-risk-4", levels: ["red", "orange", "yellow", "blue"]),
        LevelScale(name: "emergency-4", levels: ["red", "orange", "yellow", "blue"]),
        LevelScale(name: "tailings-4", levels: ["red", "orange", "yellow", "blue"]),
        LevelScale(name: "fire-danger-5", levels: ["red", "orange", "yellow", "blue", "green"]),
    ]

    static func named(_ name: String) -> LevelScale? { known.first { $0.name == name } }
}
