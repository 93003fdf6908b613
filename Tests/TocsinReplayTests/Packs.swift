/// Packs that the tests here load, as YAML.
enum Packs {
    /// Contract §4, in short: two levels, latched, 3 s and 10 s.
    static let gas = """
        pack: hazchem/gas
        match: "{area}/hazchem/lel/{id}"
        unit: "%LEL"
        span: [0, 100]
        fault: [-10, 200]
        every: 1s
        limits: {H: 25 %LEL, HH: 50 %LEL}
        defaults: {on_delay: 3s, off_delay: 10s, deadband: 2 %LEL, latch: true}
        trouble: {priority: high, action: "Check the sensor"}
        ladder:
          HH: {priority: critical, level: orange, action: "Evacuate"}
          H: {priority: high, level: yellow, action: "Check on site"}
        scale: site-risk-4
        """

    /// A plain temperature with a warning, without latch.
    static let heat = """
        pack: dust/hopper
        match: "{line}/dust/hopper/{id}"
        unit: "°C"
        every: 10s
        limits: {H: 70 °C, W: 60 °C}
        defaults: {deadband: 2 °C}
        trouble: {priority: medium}
        alarms:
          - {name: warm, class: early-warning, when: value >= limit.W, priority: low}
          - {name: hot, when: value >= limit.H, priority: high, action: "Stop the line"}
        """

    static let airlock = """
        pack: dust/airlock
        match: "{line}/dust/airlock/{id}"
        states: {running: [1, true, RUN], stopped: [0, false, STOP], fault: [2, FAULT, "故障"]}
        every: on-change
        heartbeat: 60s
        trouble: {priority: medium}
        alarms:
          - {name: fault, when: value is fault, priority: high, action: "Check the lock"}
          - {name: stopped, when: value is stopped, on_delay: 5s, priority: high, action: "Stop"}
        """

    static let all = [gas, heat, airlock].joined(separator: "\n---\n")
}
