// swift-tools-version: 6.2
// The package of Tocsin: one table of targets, arrows pointing down only (docs/ARCHITECTURE.md).
//
// TOCSIN_TARGETS=TocsinStore,TocsinDecode builds only these targets, what they need and their
// tests: sanitizer, fuzz and coverage runs use it, because the core needs no package at all.
// TOCSIN_TARGETS=core stands for every target that needs no Swift package.

import PackageDescription

struct Part {
    var name: String
    var uses: [String] = []
    var products: [(product: String, package: String)] = []
    var tests = true
    var testUses: [String] = []
}

let logging = (product: "Logging", package: "swift-log")
let parts: [Part] = [
    Part(name: "TocsinModel"),
    Part(name: "TocsinRing", uses: ["CLinux"]),
    Part(name: "TocsinEngine", uses: ["TocsinModel", "TocsinRing", "COpenSSL"]),
    Part(name: "TocsinDecode", uses: ["TocsinModel"]),
    Part(name: "TocsinStore", uses: ["TocsinModel", "COpenSSL"]),
    Part(name: "TocsinMQTT", uses: ["TocsinModel", "CMosquitto"], testUses: ["TocsinTestSupport"]),
    Part(
        name: "TocsinDelivery", uses: ["TocsinModel", "TocsinStore", "CCurl"],
        testUses: ["TocsinTestSupport"]),
    Part(
        name: "TocsinRules", uses: ["TocsinModel", "TocsinEngine", "TocsinDecode"],
        products: [(product: "Yams", package: "Yams")]),
    Part(
        name: "TocsinIngest",
        uses: ["TocsinModel", "TocsinRing", "TocsinEngine", "TocsinDecode"]),
    Part(
        name: "TocsinReplay",
        uses: [
            "TocsinModel", "TocsinRing", "TocsinEngine", "TocsinDecode", "TocsinIngest",
            "TocsinStore", "TocsinRules", "CZlib",
        ]),
    Part(
        name: "TocsinConsole", uses: ["TocsinModel"],
        products: [
            (product: "Hummingbird", package: "hummingbird"),
            (product: "HummingbirdCore", package: "hummingbird"),
            (product: "NIOCore", package: "swift-nio"),
            (product: "HTTPTypes", package: "swift-http-types"), logging,
            (product: "ServiceLifecycle", package: "swift-service-lifecycle"),
        ],
        testUses: ["TocsinTestSupport"]),
    Part(
        name: "TocsinDaemon",
        uses: [
            "TocsinModel", "TocsinRing", "TocsinEngine", "TocsinDecode", "TocsinStore",
            "TocsinIngest", "TocsinMQTT", "TocsinDelivery", "TocsinRules", "TocsinConsole",
            "CLinux",
        ],
        products: [logging], testUses: ["TocsinTestSupport"]),
]

/// Packages by name, each pinned to the release line that was built and tried (docs/adr).
let packages: [String: (url: String, from: Version)] = [
    "Yams": ("https://github.com/jpsim/Yams", "6.2.2"),
    "hummingbird": ("https://github.com/hummingbird-project/hummingbird", "2.28.1"),
    "swift-nio": ("https://github.com/apple/swift-nio", "2.101.2"),
    "swift-http-types": ("https://github.com/apple/swift-http-types", "1.8.0"),
    "swift-log": ("https://github.com/apple/swift-log", "1.16.2"),
    "swift-service-lifecycle": (
        "https://github.com/swift-server/swift-service-lifecycle", "2.13.0"
    ),
    "swift-argument-parser": ("https://github.com/apple/swift-argument-parser", "1.8.2"),
]

// Strict settings on every Swift target.
let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("ExistentialAny"),
    .treatAllWarnings(as: .error),
]

func wantedNames() -> Set<String> {
    let byName = Dictionary(uniqueKeysWithValues: parts.map { ($0.name, $0) })
    guard let text = Context.environment["TOCSIN_TARGETS"], !text.isEmpty else {
        return Set(byName.keys)
    }
    var queue =
        text == "core"
        ? parts.filter { $0.products.isEmpty && !["TocsinReplay"].contains($0.name) }.map(\.name)
            .filter { !["TocsinDaemon", "TocsinMQTT", "TocsinDelivery"].contains($0) }
        : text.split(separator: ",").map(String.init)
    var wanted: Set<String> = []
    while let name = queue.popLast() {
        guard wanted.insert(name).inserted, let part = byName[name] else { continue }
        queue += part.uses
    }
    return wanted
}

let wanted = wantedNames()
let all = Context.environment["TOCSIN_TARGETS"]?.isEmpty ?? true
let chosen = parts.filter { wanted.contains($0.name) }
// Only the tests of the targets that were named run: what they need was tested with its own name.
let named = Set(
    (Context.environment["TOCSIN_TARGETS"] ?? "").split(separator: ",").map(String.init))
let tested = chosen.filter {
    $0.tests && (all || named.contains("core") || named.contains($0.name))
}

func product(_ entry: (product: String, package: String)) -> Target.Dependency {
    .product(name: entry.product, package: entry.package)
}

var targets: [Target] = [
    .systemLibrary(
        name: "CMosquitto", pkgConfig: "libmosquitto", providers: [.apt(["libmosquitto-dev"])]),
    .systemLibrary(
        name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
    .systemLibrary(name: "COpenSSL", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(name: "CLinux"),
]
for part in chosen {
    targets.append(
        .target(
            name: part.name,
            dependencies: part.uses.map { .target(name: $0) } + part.products.map(product),
            swiftSettings: strict))
}
let needsSupport = tested.contains { !$0.testUses.isEmpty }
if needsSupport {
    targets.append(
        .target(
            name: "TocsinTestSupport", dependencies: ["CLinux"], path: "Tests/TocsinTestSupport",
            swiftSettings: strict))
}
for part in tested {
    targets.append(
        .testTarget(
            name: part.name + "Tests",
            dependencies: (part.uses + [part.name] + part.testUses).map { .target(name: $0) }
                + part.products.map(product),
            swiftSettings: strict))
}

if all {
    let program: Target.Dependency = .product(
        name: "ArgumentParser", package: "swift-argument-parser")
    targets.append(
        .executableTarget(
            name: "tocsin",
            dependencies: (parts.map(\.name) + ["CCurl", "CLinux"]).map { .target(name: $0) }
                + [
                    program, product((product: "Hummingbird", package: "hummingbird")),
                    product((product: "HTTPTypes", package: "swift-http-types")),
                    product((product: "NIOCore", package: "swift-nio")), product(logging),
                ],
            swiftSettings: strict))
}

let neededPackages = Set(
    chosen.flatMap { $0.products.map(\.package) } + (all ? ["swift-argument-parser"] : []))

let package = Package(
    name: "tocsin",
    products: all ? [.executable(name: "tocsin", targets: ["tocsin"])] : [],
    dependencies: neededPackages.sorted().map { name in
        .package(url: packages[name]!.url, from: packages[name]!.from)
    },
    targets: targets)
