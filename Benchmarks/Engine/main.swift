// ns and heap allocations for each sample, stage by stage: decoding alone, decoding with intake
// (topic, time, ring), the engine alone, and all of it in one thread. Medians and min–max of rounds.
//
//     engine-bench STREAMS [PASSES] [STAGE]      STAGE: decode intake engine all alarms groups
//     engine-bench windows       each window function at 10 and at 10 000 samples; 1 = costs too much
//
// `groups`: the engine with one vote an area, in areas of 4 and of 400.

import Glibc

func fail(_ text: String) -> Never {
    let line = Array("engine-bench: \(text)\n".utf8)
    _ = line.withUnsafeBytes { write(2, $0.baseAddress, $0.count) }
    exit(1)
}

do {
    let arguments = CommandLine.arguments.dropFirst()
    if arguments.first == "windows" { exit(try WindowBench.run() ? 0 : 1) }
    let numbers = arguments.compactMap { Int($0) }
    let stages = Stage.allCases.filter { arguments.contains($0.rawValue) }
    guard let streams = numbers.first, streams > 0, streams <= 1_000_000 else {
        let stages = "decode|intake|engine|all|alarms|groups"
        fail("usage: engine-bench STREAMS [PASSES] [\(stages)] | windows")
    }
    let passes = numbers.count > 1 ? numbers[1] : max(4, 2_000_000 / streams)
    let counter = AllocationCounter()
    if let counter, !counter.seesDeliberateOnes() {
        fail("the allocation counter does not count a deliberate allocation")
    }
    let pack = try GasPack.make()
    let decoders = try GasPack.decoders()
    let isAll = stages.isEmpty && !arguments.contains("groups")
    for stage in isAll ? Stage.allCases : stages {
        var bench = Bench(
            streams: streams, stage: stage, counter: counter, pack: pack, decoders: decoders)
        bench.run(passes: passes)
        print(bench.line)
    }
    if isAll || arguments.contains("groups") {
        for members in [0, 4, 400] {
            var bench = try GroupBench(streams: streams, members: members, counter: counter)
            bench.run(passes: passes)
            print(bench.line)
        }
    }
} catch {
    fail("\(error)")
}
