/// A throw-away certificate authority with certificates for a server and a client (openssl).
package final class TestCertificates: Sendable {
    package struct Pair: Sendable {
        package let certificate: String
        package let key: String
    }

    package let directory: TemporaryDirectory
    /// The authority's certificate.
    package let ca: String
    package let server: Pair
    package let client: Pair

    /// The server's certificate is for `names`, as OpenSSL writes them (`IP:127.0.0.1`,
    /// `DNS:localhost`). Throws with the place of openssl's output.
    package init(names: [String] = ["IP:127.0.0.1", "DNS:localhost"]) throws {
        directory = try TemporaryDirectory()
        let maker = Maker(directory: directory)
        ca = directory.file("ca.crt")
        try maker.authority()
        server = try maker.pair("server", names: names)
        client = try maker.pair("client", names: ["DNS:tocsin-client"])
    }

    private struct Maker {
        let directory: TemporaryDirectory
        // Elliptic keys: made in a millisecond, where RSA takes a second.
        private let newKey = [
            "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
        ]

        func authority() throws {
            try openssl(
                ["req", "-x509", "-days", "2", "-subj", "/CN=Tocsin test authority"] + newKey + [
                    "-keyout", directory.file("ca.key"), "-out", directory.file("ca.crt"),
                ])
        }

        func pair(_ name: String, names: [String]) throws -> Pair {
            let key = directory.file(name + ".key")
            let certificate = directory.file(name + ".crt")
            let request = directory.file(name + ".csr")
            let extensions = try directory.write(
                name + ".ext", "subjectAltName=" + names.joined(separator: ",") + "\n")
            try openssl(
                ["req", "-subj", "/CN=\(name)"] + newKey + ["-keyout", key, "-out", request])
            try openssl([
                "x509", "-req", "-days", "2", "-in", request, "-CA", directory.file("ca.crt"),
                "-CAkey", directory.file("ca.key"), "-CAcreateserial", "-extfile", extensions,
                "-out", certificate,
            ])
            return Pair(certificate: certificate, key: key)
        }

        private func openssl(_ arguments: [String]) throws {
            try ChildProcess.run("openssl", arguments, log: directory.file("openssl.log"))
        }
    }
}
