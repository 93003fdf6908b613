/// Why the daemon cannot run; `description` says what to do.
package enum DaemonError: Error, CustomStringConvertible {
    /// Findings of the configuration or the rules, rendered as `check` prints them.
    case configuration(String)
    case state(String)
    case log(String)
    case receivers(String)
    case broker(String)
    case console(String)
    case thread(String)

    package var description: String {
        switch self {
        case .configuration(let text), .state(let text), .log(let text), .receivers(let text),
            .broker(let text), .console(let text), .thread(let text):
            text
        }
    }

    /// 2 = bad configuration or usage, 1 = cannot run (contract §2).
    package var exitCode: Int32 {
        if case .configuration = self { 2 } else { 1 }
    }
}
