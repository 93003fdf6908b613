import Testing
import TocsinModel
import TocsinRules

func readInventory(_ text: String) -> (inventory: Inventory?, found: [String]) {
    readInventory(Array(text.utf8))
}

func readInventory(_ bytes: [UInt8]) -> (inventory: Inventory?, found: [String]) {
    let list = DiagnosticList()
    let inventory = InventoryReader.read(bytes, path: "i.csv", reporting: list)
    return (
        inventory,
        list.sorted.map { found in
            "\(found.line):\(found.column) \(found.message)" + (found.help.map { " | \($0)" } ?? "")
        }
    )
}

@Suite("Inventory")
struct InventoryReaderTests {
    @Test("Every column is typed, limits keep name, unit and cell, other columns are labels")
    func everyColumn() throws {
        let header = InventoryColumns.fixed.joined(separator: ",")
        let read = readInventory(
            "\(header),limit.H,limit.HH,limit.HH.reason,H,tag\r\n"
                + "a/lel/1,一号,hazchem,%LEL,0,100,-10,200,1s,Z1,G,28.2,112.9,GCJ02,1,2,-3.5,"
                + "\"2.5=inhibited; 3.5=inhibited\",25,off,\"MOC\r\n12\",20 %LEL,T-1\r\n\r\n")
        let inventory = try #require(read.inventory, "\(read.found)")
        let row = try #require(inventory.rows.first)
        #expect(inventory.rows.count == 1)
        #expect(row.stream == "a/lel/1")
        #expect(row.name == "一号")
        #expect(row.unit == UnitTable.standard.find("%LEL"))
        #expect([row.spanLow, row.spanHigh, row.faultLow, row.faultHigh] == [0, 100, -10, 200])
        #expect(row.cadence == .every(Span.seconds(1)))
        #expect(
            [row.latitude, row.longitude, row.x, row.y, row.elevation] == [28.2, 112.9, 1, 2, -3.5])
        #expect(row.crs == "GCJ02")
        #expect(row.currents.map(\.milliamperes) == [2.5, 3.5])
        #expect(row.currents.map(\.quality) == [.inhibited, .inhibited])
        #expect(row.limits.map(\.name) == ["H", "HH"])
        #expect(
            row.limits.map(\.setting) == [.value(25, unit: nil), .off(reason: "MOC\r\n12")])
        #expect(inventory.columns.labelNames == ["H", "tag"])
        #expect(row.label("tag") == "T-1")
        let list = DiagnosticList()
        let bare = inventory.limit("H", inColumn: "H", of: row, reporting: list)
        #expect(bare?.setting == .value(20, unit: UnitTable.standard.find("%LEL")))
        let cell = try #require(row.cell("tag"))
        #expect([Int(cell.line), Int(cell.column), Int(cell.length)] == [3, 13, 3])
    }

    @Test("Comma, semicolon and tab are found in the header; a quoted one does not count")
    func separators() throws {
        for separator in [",", ";", "\t"] {
            let text =
                ["stream", "unit", "\"a,b,c\""].joined(separator: separator) + "\n"
                + ["p/1", "ppm", "\"x\(separator)y\""].joined(separator: separator) + "\n"
            let row = try #require(readInventory(text).inventory?.rows.first)
            #expect(row.unit == UnitTable.standard.find("ppm"))
            #expect(row.label("a,b,c") == "x\(separator)y")
        }
        #expect(readInventory("stream\np/1\n").inventory?.rows.map(\.stream) == ["p/1"])
    }

    @Test("GB 18030 and UTF-8 with a byte order mark read the same as UTF-8")
    func encodings() throws {
        // 东 = B6AB, 区 = C7F8, 氨 = B0B1 in GB 18030.
        let gb = Array("stream,name\np/1,".utf8) + [0xB6, 0xAB, 0xC7, 0xF8] + Array("\n".utf8)
        #expect(readInventory(gb).inventory?.rows.map(\.name) == ["东区"])
        let marked = [0xEF, 0xBB, 0xBF] + Array("stream,name\np/1,东区\n".utf8)
        #expect(readInventory(marked).inventory?.rows.map(\.name) == ["东区"])
        #expect(readInventory(gb).inventory?.bytes == gb)
        let wrong = Array("stream,name\np/1,".utf8) + [0xB0, 0xB1, 0xFF, 0xFF]
        #expect(
            readInventory(wrong).found == [
                "2:6 the text is neither UTF-8 nor GB 18030 from here on"
                    + " | save the file as \"CSV UTF-8\""
            ])
        #expect(readInventory([0xFF, 0xFE, 0x73, 0]).found.first?.contains("UTF-16") == true)
    }

    @Test("Full-width digits are numbers")
    func fullWidth() throws {
        let read = readInventory("stream,span_high,every,limit.H\np/1,１００,５s,３５ ppm\n")
        let row = try #require(read.inventory?.rows.first, "\(read.found)")
        #expect(row.spanHigh == 100)
        #expect(row.cadence == .every(Span.seconds(5)))
        #expect(row.limits.map(\.setting) == [.value(35, unit: UnitTable.standard.find("ppm"))])
    }

    @Test(
        "Each mistake is reported at its cell",
        arguments: [
            ("", "1:1 the table is empty"),
            ("name,unit\na,b\n", "1:1 the table has no column `stream`"),
            (
                "stream，unit\na，b\n",
                "1:1 the table has no column `stream` | its separators are full-width"
            ),
            ("stream,unit,unit\np,ppm,ppm\n", "1:13 the column `unit` is there twice"),
            (
                "Stream,stream\np,p\n",
                "1:1 the column `Stream` is not written right | did you mean `stream`?"
            ),
            ("stream,span-low\np,1\n", "1:8 the column `span-low` is not written right"),
            (
                "stream,limit_H\np,1\n",
                "1:8 the column `limit_H` is not written right | did you mean `limit.H`?"
            ),
            ("stream,limit.\np,1\n", "1:8 the column `limit.` names no limit"),
            ("stream,\np,x\n", "2:3 this column has no name"),
            ("stream,name\np,x,y\n", "2:5 this row has more cells than the header"),
            ("stream,name\n,x\n", "2:1 this row has no stream"),
            ("stream\np/+\n", "2:1 `p/+` is no stream"),
            ("stream\np/#\n", "2:1 `p/#` is no stream"),
            ("stream\np q\n", "2:1 `p q` is no stream"),
            ("stream\np\nq\np\n", "4:1 the stream `p` is on line 2 already"),
            ("stream,unit\np,ppx\n", "2:3 the unit `ppx` is not known | did you mean"),
            ("stream,unit\np,MG/M3\n", "2:3 the unit `MG/M3` is not known | did you mean `mg/m3`?"),
            ("stream,span_low\np,low\n", "2:3 `span_low` must be a number, found `low`"),
            (
                "stream;span_low\np;0,5\n",
                "2:3 `span_low` must be a number, found `0,5` | write the decimal"
            ),
            ("stream,span_low\np,\"1,000\"\n", "2:3 `span_low` must be a number, found `1,000`"),
            ("stream,span_low\np,nan\n", "2:3 `span_low` must be a number"),
            ("stream,span_low,span_high\np,5,5\n", "2:5 `span_high` must be above `span_low`"),
            ("stream,fault_low,fault_high\np,5,1\n", "2:5 `fault_high` must be above"),
            ("stream,every\np,often\n", "2:3 `every` must be a duration or on-change"),
            ("stream,every\np,0s\n", "2:3 `every` must be a duration or on-change"),
            ("stream,every\np,5\n", "2:3 `every` must be a duration or on-change"),
            ("stream,latitude,longitude\np,95,1\n", "2:3 `latitude` must be between"),
            (
                "stream,latitude,longitude\np,28,\n",
                "2:3 `latitude` and `longitude` belong together"
            ),
            ("stream,x,y\np,,4\n", "2:4 `x` and `y` belong together"),
            (
                "stream,crs\np,GCJ-2\n",
                "2:3 the coordinate system `GCJ-2` is not known | did you mean `GCJ02`?"
            ),
            ("stream,currents\np,2.5\n", "2:3 `2.5` is no meaning of a current"),
            ("stream,currents\np,2.5=off\n", "2:3 `2.5=off` is no meaning"),
            ("stream,currents\np,99=bad\n", "2:3 `99=bad` is no meaning"),
            ("stream,limit.H\np,high\n", "2:3 limit H must be a number, found `high`"),
            ("stream,limit.H\np,25 ppx\n", "2:3 the unit `ppx` is not known"),
            ("stream,limit.H\np,off\n", "2:3 limit H is off without a reason"),
            ("stream,limit.H,limit.H.reason\np,off,\n", "2:3 limit H is off without a reason"),
            ("stream;limit.H\np;2,5\n", "2:3 the unit `,5` is not known | write the decimal"),
            ("stream,name\np,\"x\n", "2:3 this quote is never closed"),
            ("stream,name\np,\"x\"y\n", "2:6 text goes on behind the closing quote"),
            ("stream,name\n氨/1,\"二\n行\"x\n", "3:3 text goes on behind the closing quote"),
        ])
    func mistake(text: String, expected: String) {
        let read = readInventory(text)
        #expect(read.inventory == nil)
        #expect(read.found.count == 1, "\(read.found)")
        #expect(read.found.first?.hasPrefix(expected) == true, "\(read.found)")
    }

    @Test("A label close to a column's name is warned about")
    func nearColumn() {
        let read = readInventory("stream,longitud,area\np,1,2\n")
        #expect(read.inventory != nil)
        #expect(
            read.found == [
                "1:8 the column `longitud` is a label to Tocsin | did you mean `longitude`?"
            ])
    }

    @Test("Golden: a wrong cell behind Chinese ones as a terminal shows it")
    func golden() {
        let list = DiagnosticList()
        _ = InventoryReader.read(
            Array("stream,name,unit\n罐区/1,一号罐,ppx\n".utf8), path: "i.csv", reporting: list)
        #expect(
            list.rendered == """
                i.csv:2:10: error: the unit `ppx` is not known
                  罐区/1,一号罐,ppx
                                ^~~
                  help: did you mean `ppm`?

                """)
    }

    @Test("A mutated inventory never crashes the reader", arguments: [1, 2] as [UInt64])
    func mutations(seed: UInt64) {
        var random = SplitMix(seed: seed)
        let good = Array(
            ("stream,name,unit,span_low,span_high,every,currents,limit.H\n"
                + "p/1,\"一号, 罐\",ppm,0,100,1s,2.5=bad,25 ppm\np/2,,,,,on-change,,off\n").utf8)
        for _ in 0..<400 {
            var bytes = good
            for _ in 0..<(1 + random.next() % 8) where !bytes.isEmpty {
                let position = Int(random.next() % UInt64(bytes.count))
                switch random.next() % 3 {
                case 0: bytes[position] = UInt8(truncatingIfNeeded: random.next())
                case 1: bytes.insert(Array("\"\n\r,;\t".utf8)[Int(random.next() % 6)], at: position)
                default: bytes.removeSubrange(position..<min(bytes.count, position + 9))
                }
            }
            let read = readInventory(bytes)
            #expect(read.inventory != nil || !read.found.isEmpty, "seed \(seed)")
        }
    }

    @Test("Two thousand rows are read whole")
    func manyRows() {
        var text = "stream,unit,limit.H\n"
        for row in 0..<2_000 { text += "p/\(row),ppm,\(row)\n" }
        #expect(readInventory(text).inventory?.rows.count == 2_000)
    }
}
