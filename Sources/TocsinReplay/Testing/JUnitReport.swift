/// A test report as continuous integration reads it: the JUnit XML that every such system knows.
enum JUnitReport {
    static func write(_ report: TestReport, to path: String) throws(OutputError) {
        let output = try TextOutput.file(path)
        try output.write(text(report).utf8)
        try output.flush()
    }

    static func text(_ report: TestReport) -> String {
        let total = report.cases.reduce(0) { $0 + $1.seconds }
        var text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        text += "<testsuites>\n<testsuite name=\"tocsin test\" tests=\"\(report.cases.count)\""
        text += " failures=\"\(report.failed)\" errors=\"0\" time=\"\(TestRun.seconds(total))\">\n"
        for result in report.cases {
            text +=
                "<testcase classname=\"\(result.kind.rawValue)\" name=\"\(escaped(result.name))\""
            if !result.path.isEmpty { text += " file=\"\(escaped(result.path))\"" }
            text += " time=\"\(TestRun.seconds(result.seconds))\""
            guard !result.failures.isEmpty else {
                text += "/>\n"
                continue
            }
            text += ">\n"
            for failure in result.failures {
                let first = failure.text.split(separator: "\n").first.map(String.init) ?? ""
                text += "<failure message=\"\(escaped(first))\">"
                let place = failure.place.isEmpty ? "" : failure.place + ": "
                text += "\(escaped(place + failure.text))</failure>\n"
            }
            text += "</testcase>\n"
        }
        return text + "</testsuite>\n</testsuites>\n"
    }

    /// Text as XML 1.0 allows it; control characters, which it forbids, become spaces.
    static func escaped(_ text: String) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case "\n", "\t": escaped.unicodeScalars.append(scalar)
            case let control where control.value < 0x20: escaped += " "
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}
