import Foundation
import TocsinModel
import TocsinStore

/// The alert log as a start finds it, with the alarms that stood in it.
///
/// A log with a broken entry is no reason to leave a plant unwatched: all its files are moved
/// aside, as they are, and a new log begins. The alarms that stood up to the damage stand again, and
/// an event says where the old files are. Receivers begin with the new log's first entry.
struct OpenedLog {
    let log: AlertLog
    let restore: AlarmRestore
    /// What was damaged and where the old files are; nil = the log is whole.
    let damage: String?

    static func open(path: String) throws -> OpenedLog {
        do throws(StoreError) {
            let log = try AlertLog(path: path)
            return OpenedLog(log: log, restore: try AlarmRestore.read(path: path), damage: nil)
        } catch .logDamaged(let damage) {
            let restore = try AlarmRestore.readUpToDamage(path: path)
            let folder = try setAside(path)
            return OpenedLog(
                log: try AlertLog(path: path), restore: restore,
                damage: "\(damage); the old files are in \(folder), a new log begins")
        }
    }

    /// Moves the log and its rotated files into a folder beside them; returns the folder.
    private static func setAside(_ path: String) throws -> String {
        let manager = FileManager.default
        let directory = parentDirectory(of: path)
        let name = fileName(of: path)
        let folder = path + ".damaged-\(GatewayClock.wallMilliseconds())"
        let files = try manager.contentsOfDirectory(atPath: directory).filter { file in
            let rest = file.dropFirst(name.count + 1)
            return file == name
                || file.hasPrefix(name + ".") && !rest.isEmpty && rest.allSatisfy(\.isNumber)
        }
        try manager.createDirectory(atPath: folder, withIntermediateDirectories: false)
        for file in files {
            try manager.moveItem(atPath: directory + "/" + file, toPath: folder + "/" + file)
        }
        return folder
    }
}
