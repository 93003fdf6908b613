/// Rule packs of these tests. Silence is no matter in most of them, so the cadence is long.
enum PlantRules {
    static let gas = gasPack(every: "10m", high: "25 %LEL", highHigh: "50 %LEL")

    /// The contract's own pack for combustible gas, with another cadence.
    static func gasPack(every: String, high: String, highHigh: String) -> String {
        """
        pack: hazchem/combustible-gas
        about: Two-level alarms for point combustible-gas detectors
        source: GB/T 50493-2019 5.5.2
        scale: site-risk-4
        match: "{area}/hazchem/lel/{id}"
        unit: "%LEL"
        span: [0, 100]
        fault: [-10, 200]
        every: \(every)
        limits: {H: \(high), HH: \(highHigh)}
        defaults: {on_delay: 3s, off_delay: 10s, deadband: 2 %LEL, latch: true}
        trouble: {priority: high, action: "Check the detector's supply and wiring"}
        ladder:
          HH: {priority: critical, level: orange, respond_within: 2m, action: "Evacuate"}
          H: {priority: high, level: yellow, respond_within: 5m, action: "Stop hot work"}

        """
    }

    /// Raises at once above 70 °C and clears at once below 69 °C: many events from few samples.
    static let temperature = temperaturePack(every: "10m")

    static func temperaturePack(every: String) -> String {
        """
        pack: plain/temperature
        about: A temperature that alarms and clears at once
        source: this test
        match: "t/{id}"
        unit: °C
        every: \(every)
        limits: {H: 70 °C}
        defaults: {deadband: 1 °C, latch: false}
        ladder:
          H: {priority: medium, action: "Look at it"}

        """
    }

    static let valve = """
        pack: plain/valve
        about: A valve that says its state in words
        source: this test
        match: "words/{id}"
        states: {open: [1, OPEN], closed: [0, CLOSED]}
        every: on-change
        heartbeat: 10m
        alarms:
          - {name: opened, when: value is open, priority: low, action: "Close it"}

        """

    static let standard = [gas, temperature, valve].joined(separator: "---\n")
}
