import Foundation
import Testing

@testable import TocsinReplay

/// The keys that count samples and time, from the text of a rule to its events.
@Suite("n_of_m, min_hold, re_alarm, schedule and unless, from text to events")
struct TimingTextTests {
    /// Tuesday, 22:13:20 UTC.
    private static let start: Int64 = 1_700_000_000_000

    private static let pack = """
        pack: t/t
        match: "{area}/t/{id}"
        unit: "°C"
        every: 1s
        limits: {H: 60}
        defaults: {class: early-warning, deadband: 0.5 K}
        alarms:
          - {name: votes, when: value >= limit.H, n_of_m: 3 of 5}
          - {name: hold, when: value >= limit.H, min_hold: 30s}
          - {name: again, when: value >= limit.H, re_alarm: 2m}
          - {name: timed, when: value >= limit.H, schedule: "tue 22:15-22:18"}
          - {name: fan, when: value >= limit.H, unless: 'stream("{area}/fan") < 1 °C'}
        ---
        pack: t/fan
        match: "{area}/fan"
        unit: "°C"
        every: 1s
        """

    /// Hot from 60 s to 400 s; one hot sample at 100 s; the fan stands still from 200 s to 300 s.
    private static func feed() -> String {
        var text = "ts_ms,stream,value,unit\n"
        for second in 0..<600 {
            let time = start + Int64(second) * 1000
            let hot = second >= 60 && second < 400
            let fan = second < 200 || second >= 300
            text += "\(time),a/fan,\(fan ? 5 : 0),°C\n"
            text += "\(time),a/t/1,\(hot ? 90 : 10),°C\n"
            text += "\(time),a/t/2,\(second == 100 ? 90 : 10),°C\n"
        }
        return text
    }

    /// `event second`, of each rule and stream.
    private func stories() throws -> [String: [String]] {
        let folder = try TestFolder()
        let request = ReplayRequest(
            rules: [try folder.write("r.yaml", Self.pack)],
            feeds: [try folder.write("f.csv", Self.feed())])
        let output = TextOutput.memory()
        _ = try ReplayRun.run(request, events: output)
        var stories: [String: [String]] = [:]
        for line in output.text.split(separator: "\n") {
            let object = try JSONSerialization.jsonObject(with: Data(line.utf8))
            guard let members = object as? [String: Any], let rule = members["rule"] as? String,
                let time = members["ts_ms"] as? Int64, let stream = members["stream"] as? String,
                let event = members["event"] as? String
            else { continue }
            var words = "\(event) \((time - Self.start) / 1000)"
            if event == "suppressed" { words += " \(members["reason"] as? String ?? "-")" }
            stories["\(rule.dropFirst(4)) \(stream)", default: []].append(words)
        }
        return stories
    }

    @Test("each says what its key promises, at its second")
    func keys() throws {
        let stories = try stories()
        let expected = [
            "votes a/t/1": ["raised 62", "cleared 402"],
            "hold a/t/1": ["raised 60", "cleared 400"],
            "hold a/t/2": ["raised 100", "cleared 130"],
            "again a/t/1": ["raised 60", "re-alarmed 180", "re-alarmed 300", "cleared 400"],
            "again a/t/2": ["raised 100", "cleared 101"],
            "timed a/t/1": [
                "unsuppressed 100", "raised 100",
                "suppressed 280 not during(\"tue 22:15-22:18\")", "cleared 400",
            ],
            // It waits for acknowledgement when its time is over.
            "timed a/t/2": [
                "raised 100", "cleared 101", "suppressed 280 not during(\"tue 22:15-22:18\")",
            ],
            "fan a/t/1": [
                "raised 60", "suppressed 200 stream(\"{area}/fan\") < 1 °C", "unsuppressed 300",
                "raised 300", "cleared 400",
            ],
            "fan a/t/2": [
                "raised 100", "cleared 101", "suppressed 200 stream(\"{area}/fan\") < 1 °C",
                "unsuppressed 300",
            ],
        ]
        #expect(stories == expected)
    }
}
