import Testing
import TocsinEngine
import TocsinModel

@testable import TocsinRules

@Suite("Inventories bound to packs")
struct InventoryBinderTests {
    static let pack = """
        pack: hazchem/h2s
        match: "{area}/h2s/{id}"
        unit: ppm
        gas: H2S
        span: [0, 100]
        limits: {H: 10 mg/m3, HH: 20 mg/m3}
        defaults: {deadband: 1 % of span}
        ladder:
          HH: {priority: critical, action: Go}
          H: {priority: high, action: Go}

        """

    static func probe(_ table: String, pack: String = InventoryBinderTests.pack) -> PackProbe {
        PackProbe(pack, inventory: table)
    }

    @Test("Limits convert through the gas, in the row's unit unless the cell has its own")
    func conversions() throws {
        let probe = Self.probe(
            """
            stream,unit,limit.H,HH,floor
            a/h2s/1,,,,2
            a/h2s/2,mg/m3,14,,
            a/h2s/3,ppm,5,20 mg/m3,
            a/h2s/4,ppm,off,,
            """.replacing("floor", with: "floor,limit.H.reason").replacing(
                "off,,", with: "off,,,being replaced"))
        #expect(probe.findings == [])
        let table = try #require(probe.rules).setPoints.rows
        func value(_ stream: String, _ limit: String) -> Double? {
            table.first { $0.stream == stream && $0.limit == limit }?.value
        }
        let ppm = 24.465 / 34.081
        #expect(abs(try #require(value("a/h2s/1", "H")) - 10 * ppm) < 0.001)
        #expect(abs(try #require(value("a/h2s/2", "H")) - 14 * ppm) < 0.001)
        #expect(value("a/h2s/3", "H") == 5)
        #expect(abs(try #require(value("a/h2s/3", "HH")) - 20 * ppm) < 0.001)
        #expect(value("a/h2s/4", "H") == nil)
        #expect(
            table.map(\.origin).prefix(4) == [
                "p.yaml:6:13", "p.yaml:6:27", "i.csv:3:15", "p.yaml:6:27",
            ])
        #expect(probe.rules?.listings.first?.labels.map(\.name) == ["floor"])
    }

    @Test(
        "Mistakes are found at their cell",
        arguments: [
            ("stream,limit.X|a/h2s/1,3", "9 error: no pack for this stream has a limit `X`"),
            ("stream,H|a/h2s/1,30", "9 error: `HH` must be above `H`: 14.35"),
            ("stream,HH|a/h2s/1,5", "9 error: `HH` must be above `H`: 5 ppm is not above 7.17"),
            ("stream,HH|a/h2s/1,500", "9 warning: `HH` lies beyond the span: 500 ppm"),
            ("stream,unit|a/h2s/1,°C", "9 error: the unit °C does not convert to ppm"),
            ("stream,H|a/h2s/1,3 bar", "9 error: the limit `H` does not convert to ppm"),
            ("stream,H|a/h2s/1,high", "9 error: limit H must be a number, found `high`"),
            ("stream,H|a/h2s/1,off", "9 error: limit H is off without a reason"),
            ("stream,H,limit.H|a/h2s/1,3,3", "9 error: the limit `H` is given twice"),
            ("stream,span_low|a/h2s/1,3", "9 error: `span_low` and `span_high` go together"),
            ("stream|b/nh3/1", "1 warning: no pack matches the stream `b/nh3/1`"),
        ])
    func mistakes(_ table: String, _ start: String) {
        let findings = Self.probe(table.replacing("|", with: "\n")).findings
        #expect(findings.contains { $0.hasPrefix("i.csv:2:" + start) }, "\(findings)")
    }

    @Test(
        "A row in mA is scaled to the span, and needs one; `currents` without a loop is warned of")
    func loops() throws {
        let sound = Self.probe(
            "stream,unit,currents,H,HH\na/h2s/1,mA,2.5=inhibited;3.5=inhibited,8,60 ppm\n")
        #expect(sound.findings == [])
        let rules = try #require(sound.rules)
        #expect(rules.setPoints.rows.map(\.value) == [25, 60])
        #expect(
            rules.listings.first?.currents == [
                CurrentMeaning(milliamperes: 2.5, quality: .inhibited),
                CurrentMeaning(milliamperes: 3.5, quality: .inhibited),
            ])
        let spanless = Self.pack.replacing("span: [0, 100]\n", with: "")
        #expect(
            Self.probe("stream,unit\na/h2s/1,mA\n", pack: spanless).errors == [
                "i.csv:2:9 error: a current in mA needs a span to be scaled to ppm: neither the "
                    + "pack `hazchem/h2s` nor this row gives one"
            ])
        #expect(
            Self.probe(
                "stream,unit,span_low,span_high\na/h2s/1,mA,0,100\n", pack: spanless
            ).errors == [])
        #expect(
            Self.probe("stream,unit,currents\na/h2s/1,ppm,2.5=bad\n").findings == [
                "i.csv:2:13 warning: `currents` is not asked: no pack scales this row's unit from "
                    + "4…20 mA"
            ])
    }

    @Test("A pack that matches no row is warned of")
    func unusedPack() {
        #expect(
            Self.probe("stream\nb/nh3/1\n").warnings.first
                == "i.csv:2:1 warning: no pack matches the stream `b/nh3/1`: it is not watched")
        #expect(
            Self.probe("stream\nb/nh3/1\n").warnings.last
                == "1:7 warning: the pack `hazchem/h2s` matches no stream of the inventory")
    }

    @Test("A share of the span without a span is an error of the row")
    func spanMissing() {
        let pack = Self.pack.replacing("span: [0, 100]\n", with: "")
        #expect(
            Self.probe("stream\na/h2s/1\n", pack: pack).errors == [
                "i.csv:2:1 error: `HH` is a share of the span, and neither the pack nor this row "
                    + "gives a span"
            ])
        let probe = Self.probe("stream,span_low,span_high\na/h2s/1,0,50\n", pack: pack)
        #expect(probe.errors == [])
    }

    @Test("A limit that the pack leaves open is off without a cell, and in force with one")
    func leftOpen() throws {
        let pack = Self.pack.replacing("HH: 20 mg/m3", with: "HH: ")
        let probe = Self.probe("stream,HH\na/h2s/1,\na/h2s/2,30\n", pack: pack)
        #expect(probe.findings == [])
        let rows = try #require(probe.rules).setPoints.rows.filter { $0.limit == "HH" }
        #expect(rows.map(\.value) == [nil, 30])
        #expect(rows.map(\.written) == ["not set", nil])
    }

    @Test("The table says value, source and conversion")
    func rendered() throws {
        let probe = Self.probe("stream,limit.HH\n东区/h2s/1,20\n")
        let table = try #require(probe.rules).setPoints
        let lines = table.rendered.split(separator: "\n")
        #expect(lines.count == 3)
        #expect(lines[0].hasPrefix("STREAM      PACK         LIMIT  SET-POINT"))
        #expect(lines[1].hasSuffix("10 mg/m3  p.yaml:6:13"))
        #expect(lines[2].hasPrefix("东区/h2s/1  hazchem/h2s  HH     20 ppm"))
        #expect(table.json.split(separator: "\n")[1].contains("\"from\":\"i.csv:2:10\""))
    }

    @Test("Without an inventory the table shows the packs' own numbers")
    func packTable() throws {
        let rows = try #require(PackProbe(Self.pack).rules).setPoints.rows
        #expect(rows.map(\.stream) == ["{area}/h2s/{id}", "{area}/h2s/{id}"])
        #expect(rows.map(\.written) == ["10 mg/m3", "20 mg/m3"])
    }
}
