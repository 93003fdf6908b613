// swift-tools-version: 6.2
// The micro-benchmark of the path from a frame's bytes to an event, a package of its own so that
// Tocsin's build does not know of it. `Sources` is a link to Tocsin's: the same files, with the same
// `package` access, and only the modules that need no other package.

import PackageDescription

let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("ExistentialAny"),
]

func module(_ name: String, uses: [String] = []) -> Target {
    .target(
        name: name, dependencies: uses.map { .target(name: $0) }, path: "Sources/" + name,
        swiftSettings: strict)
}

let package = Package(
    name: "tocsin-benchmarks",
    targets: [
        .systemLibrary(name: "CLinux", path: "Sources/CLinux"),
        .systemLibrary(name: "COpenSSL", path: "Sources/COpenSSL", pkgConfig: "libcrypto"),
        module("TocsinModel"),
        module("TocsinRing", uses: ["CLinux"]),
        module("TocsinDecode", uses: ["TocsinModel"]),
        module("TocsinEngine", uses: ["TocsinModel", "TocsinRing", "COpenSSL"]),
        module(
            "TocsinIngest", uses: ["TocsinModel", "TocsinRing", "TocsinEngine", "TocsinDecode"]),
        .executableTarget(
            name: "engine-bench",
            dependencies: [
                "TocsinModel", "TocsinRing", "TocsinDecode", "TocsinEngine", "TocsinIngest",
            ],
            path: "Engine", swiftSettings: strict),
    ])
