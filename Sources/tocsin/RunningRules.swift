import ArgumentParser
import TocsinRules
import TocsinStore

/// The rules that the daemon of this configuration has in force: it names their hash, and their
/// texts stand under its state folder.
struct RunningRules {
    let config: String

    func read() throws -> CheckRequest.Against {
        let socket = try LocalClient.socketPath(config: config)
        let (status, answer) = try LocalClient().send(
            "GET", "http://localhost/api/v1/status", socket: socket, token: nil, body: nil)
        guard status == 200, let hash = LogEntry(answer)?.text("rules") else {
            Output.error("the daemon at \(socket) does not say which rules it has")
            throw ExitCode(1)
        }
        return .bundle(try stored(hash), name: "the running rules (\(hash))")
    }

    private func stored(_ hash: String) throws -> RuleBundle {
        let (configuration, findings) = ConfigurationReader.read(
            path: config, environment: Environment.all)
        guard let configuration else {
            Output.error(findings.map(\.rendered).joined(separator: "\n"))
            throw ExitCode(1)
        }
        let folder = configuration.state + "/rulesets"
        guard let digest = SHA256Digest(hex: String(hash.dropFirst("sha256:".count))) else {
            Output.error("the daemon names its rules `\(hash)`, which is no hash")
            throw ExitCode(1)
        }
        do {
            let files = try RulesetStore(directory: folder).load(digest)
            guard let file = files.first else {
                Output.error("the rules stored in \(folder) are empty")
                throw ExitCode(1)
            }
            return try RuleBundle(canonicalBytes: file.bytes)
        } catch let error as StoreError {
            Output.error("\(folder): \(error)")
        } catch let error as RuleBundle.FormatError {
            Output.error("the rules stored in \(folder) cannot be read: \(error)")
        }
        throw ExitCode(1)
    }
}
