/// Why a feed cannot be read: the place and the remedy.
package struct FeedError: Error, Equatable, Sendable, CustomStringConvertible {
    /// As the user gave it.
    package var path: String
    /// From 1; 0 = the file as a whole.
    package var line: Int
    /// From 1, in Unicode scalars; 0 = the line as a whole.
    package var column: Int
    /// What is wrong and what to do about it.
    package var message: String

    package init(path: String, line: Int = 0, column: Int = 0, _ message: String) {
        self.path = path
        self.line = line
        self.column = column
        self.message = message
    }

    /// `path:line:column: error: text`, as `check` writes it.
    package var description: String {
        guard line > 0 else { return "\(path): error: \(message)" }
        return "\(path):\(line):\(max(column, 1)): error: \(message)"
    }
}
