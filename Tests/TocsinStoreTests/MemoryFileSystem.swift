import Glibc
import Synchronization
import TocsinStore

/// Files in memory that fail where a test says so and know what a power cut would leave.
///
/// The second conformer of `FileSystem`: every call is counted, the n-th can be made to fail (a
/// failing write has first written half its bytes), and bytes or names not yet synchronised are
/// known.
final class MemoryFileSystem: FileSystem {
    /// What a power cut keeps of the things not yet synchronised.
    enum Unsynchronised: CaseIterable { case lost, halfOfTheBytes, kept }

    private struct Inode {
        var bytes: [UInt8] = []
        var durable: [UInt8] = []
        var locked = false
    }

    private struct State {
        var inodes: [Inode] = []
        var names: [String: Int] = [:]
        var durableNames: [String: Int] = [:]
        var handles: [Int32: Int] = [:]
        var nextHandle: Int32 = 3
        var calls = 0
        var failing: Range<Int> = 0..<0
        var code = ENOSPC
        var writeLimit = Int.max
    }

    private let state = Mutex(State())

    /// Calls so far, in which `fail` counts.
    var calls: Int { state.withLock { $0.calls } }

    /// Files that are open and not yet closed: a test sees a leak as a number above zero.
    var openFiles: Int { state.withLock { $0.handles.count } }

    /// Makes the calls with these numbers (from now on, 0 is the next) fail.
    func fail(_ numbers: Range<Int>, code: Int32 = ENOSPC) {
        state.withLock {
            $0.calls = 0
            $0.failing = numbers
            $0.code = code
        }
    }

    /// Writes take at most so many bytes a call.
    func limitWrites(to count: Int) { state.withLock { $0.writeLimit = count } }

    func contents(_ path: String) -> [UInt8]? {
        state.withLock { state in state.names[path].map { state.inodes[$0].bytes } }
    }

    func setContents(_ path: String, _ bytes: [UInt8]) {
        state.withLock { state in
            state.inodes.append(Inode(bytes: bytes, durable: bytes))
            state.names[path] = state.inodes.count - 1
            state.durableNames[path] = state.inodes.count - 1
        }
    }

    /// The paths that exist, in byte order.
    var paths: [String] { state.withLock { $0.names.keys.sorted() } }

    /// The disk as it is after a power cut at this moment.
    func afterPowerCut(_ rest: Unsynchronised) -> MemoryFileSystem {
        let copy = MemoryFileSystem()
        state.withLock { state in
            let names = rest == .lost ? state.durableNames : state.names
            for (path, index) in names {
                let inode = state.inodes[index]
                let bytes =
                    switch rest {
                    case .lost: inode.durable
                    case .kept: inode.bytes
                    case .halfOfTheBytes:
                        Array(
                            inode.bytes.prefix(
                                inode.durable.count
                                    + max(0, inode.bytes.count - inode.durable.count) / 2))
                    }
                copy.setContents(path, bytes)
            }
        }
        return copy
    }

    private func call<T>(
        _ call: FileCall, _ path: String,
        _ body: (inout State, _ fails: Bool) -> Result<T, StoreError>
    ) throws(StoreError) -> T {
        let result: Result<T, StoreError> = state.withLock { state in
            let number = state.calls
            state.calls += 1
            let fails = state.failing.contains(number)
            let result = body(&state, fails)
            return fails ? .failure(.system(call: call, path: path, code: state.code)) : result
        }
        return try result.get()
    }

    func open(_ path: String, _ mode: OpenMode) throws(StoreError) -> OpenFile {
        try call(.open, path) { state, fails in
            guard !fails else { return .failure(.system(call: .open, path: path, code: EIO)) }
            if state.names[path] == nil {
                guard mode == .readWriteCreate else {
                    return .failure(.system(call: .open, path: path, code: ENOENT))
                }
                state.inodes.append(Inode())
                state.names[path] = state.inodes.count - 1
            }
            let handle = state.nextHandle
            state.nextHandle += 1
            state.handles[handle] = state.names[path]
            return .success(OpenFile(descriptor: handle, path: path))
        }
    }

    func close(_ file: OpenFile) {
        state.withLock { state in
            if let index = state.handles.removeValue(forKey: file.descriptor) {
                state.inodes[index].locked = false
            }
        }
    }

    private func onInode<T>(
        _ kind: FileCall, _ file: OpenFile, _ body: (inout Inode, _ fails: Bool, Int) -> T
    ) throws(StoreError) -> T {
        try call(kind, file.path) { state, fails in
            guard let index = state.handles[file.descriptor] else {
                return .failure(.system(call: kind, path: file.path, code: EBADF))
            }
            return .success(body(&state.inodes[index], fails, state.writeLimit))
        }
    }

    func read(
        _ file: OpenFile, at offset: Int64, into bytes: inout [UInt8], from start: Int
    ) throws(StoreError) -> Int {
        let wanted = bytes.count - start
        let found = try onInode(.read, file) { inode, _, _ in
            Array(inode.bytes.dropFirst(Int(offset)).prefix(wanted))
        }
        bytes.replaceSubrange(start..<start + found.count, with: found)
        return found.count
    }

    func write(
        _ bytes: RawSpan, to file: OpenFile, at offset: Int64
    ) throws(StoreError) -> Int {
        let all = bytes.withUnsafeBytes { Array($0) }
        return try onInode(.write, file) { inode, fails, limit in
            let taken = all.prefix(fails ? all.count / 2 : min(all.count, limit))
            let end = Int(offset) + taken.count
            if inode.bytes.count < end {
                inode.bytes += [UInt8](repeating: 0, count: end - inode.bytes.count)
            }
            inode.bytes.replaceSubrange(Int(offset)..<end, with: taken)
            return taken.count
        }
    }

    func synchronise(_ file: OpenFile) throws(StoreError) {
        try onInode(.synchronise, file) { inode, fails, _ in
            if !fails { inode.durable = inode.bytes }
        }
    }

    func synchroniseDirectory(_ path: String) throws(StoreError) {
        try call(.synchroniseDirectory, path) { state, fails in
            if !fails {
                let inside = { (name: String) in parentDirectory(of: name) == path }
                state.durableNames = state.durableNames.filter { !inside($0.key) }
                for (name, index) in state.names where inside(name) {
                    state.durableNames[name] = index
                }
            }
            return .success(())
        }
    }

    func length(_ file: OpenFile) throws(StoreError) -> Int64 {
        try onInode(.length, file) { inode, _, _ in Int64(inode.bytes.count) }
    }

    func truncate(_ file: OpenFile, to length: Int64) throws(StoreError) {
        try onInode(.truncate, file) { inode, fails, _ in
            if !fails { inode.bytes.removeLast(max(0, inode.bytes.count - Int(length))) }
        }
    }

    func rename(_ old: String, to new: String) throws(StoreError) {
        try call(.rename, old) { state, fails in
            if !fails { state.names[new] = state.names.removeValue(forKey: old) }
            return .success(())
        }
    }

    func remove(_ path: String) throws(StoreError) {
        try call(.remove, path) { (state, fails) -> Result<Void, StoreError> in
            if !fails, state.names.removeValue(forKey: path) == nil {
                return .failure(.system(call: .remove, path: path, code: ENOENT))
            }
            return .success(())
        }
    }

    func list(_ directory: String) throws(StoreError) -> [String] {
        try call(.list, directory) { state, _ in
            .success(
                state.names.keys.filter { parentDirectory(of: $0) == directory }
                    .map { fileName(of: $0) }.sorted())
        }
    }

    func makeDirectory(_ path: String) throws(StoreError) {
        try call(.makeDirectory, path) { _, _ in .success(()) }
    }

    func lock(_ file: OpenFile) throws(StoreError) -> Bool {
        try onInode(.lock, file) { inode, _, _ in
            defer { inode.locked = true }
            return !inode.locked
        }
    }
}
