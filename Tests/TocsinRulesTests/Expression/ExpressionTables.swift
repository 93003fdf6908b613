/// A row of the tables: the pack, the text, and the lines below it without their indentation.
struct ExpressionRow: CustomStringConvertible {
    var pack: String
    var text: String
    var lines: [String] = []

    var description: String { "\(pack): \(text)" }

    /// Rows begin at the margin.
    static func all(in table: String) -> [ExpressionRow] {
        var rows: [ExpressionRow] = []
        for line in table.split(separator: "\n") {
            guard !line.hasPrefix(" "), let colon = line.firstIndex(of: ":") else {
                let content = line.drop { $0 == " " }
                if !rows.isEmpty { rows[rows.count - 1].lines.append(String(content)) }
                continue
            }
            let text = line[line.index(colon, offsetBy: 2)...]
            rows.append(ExpressionRow(pack: String(line[..<colon]), text: String(text)))
        }
        return rows
    }

    /// What stands behind `mark` in one of the row's lines.
    func content(_ mark: String) -> String? {
        lines.first { $0.hasPrefix(mark + " ") }.map { String($0.dropFirst(mark.count + 1)) }
    }
}
