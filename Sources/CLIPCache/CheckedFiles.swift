internal import CLIPCore
internal import CLIPDigest
internal import Synchronization

/// Verifies files against their expected SHA-256 and remembers which ones matched.
///
/// A record is a SHA-256 of the file's path, its ``FileState`` and the expected SHA-256. A file that was changed,
/// replaced or restored has a different state and is read again. If the folder is not writable, records are kept in
/// memory for the lifetime of this object.
package final class CheckedFiles: Sendable {
    private let folder: String?
    private let known = Mutex(Set<RecordKey>())

    package static let fileName = "checked-files"
    private static let maximumBytes = 1 << 18

    /// Keeps records in a folder, or only in memory if `folder` is `nil`.
    package init(folder: String?) {
        self.folder = folder
    }

    private var memoryPath: String? { folder.map { "\($0)/\(Self.fileName)" } }

    /// The SHA-256 of a file.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - expected: The expected SHA-256, in lower case.
    ///   - reads: Whether to read the file even if a record exists.
    ///   - now: The current time by the clock of file timestamps.
    /// - Returns: 64 lower-case hexadecimal digits; `expected`, without reading the file, if a record exists.
    /// - Throws: `CLIPError` with code `notFound` or `unreadable`.
    package func sha256(
        ofFile path: String,
        expected: String,
        reads: Bool = false,
        now: FileState.Time = .now
    ) throws -> String {
        let state = FileState(path: path)
        let key = state.flatMap { Self.key(path, $0, expected) }
        if !reads, let key, knows(key) { return expected }
        var hash = SHA256()
        try FileBytes.forEachChunk(bytesOfPath: Array(path.utf8)) { chunk, _ in hash.update(chunk) }
        let actual = hash.finish()
        guard let key, let state else { return actual }
        if actual != expected {
            forget(key)
        } else if state.isSettled(at: now), FileState(path: path) == state {
            // A file that changes during reading, or may change within the same clock tick, is read again next time.
            known.withLock { _ = $0.insert(key) }
            update(adding: [.init(key: key, contents: [])])
        }
        return actual
    }

    package static func key(_ path: String, _ state: FileState, _ expected: String) -> RecordKey? {
        PathKind.resolved(path).map { RecordKey(of: [$0, state.text, expected].map { Array($0.utf8) }) }
    }

    /// Whether a record exists.
    package func knows(_ key: RecordKey) -> Bool {
        if known.withLock({ $0.contains(key) }) { return true }
        guard let memoryPath else { return false }
        let file = RecordFile(path: memoryPath, contentBytes: 0)
        guard let row = file.row(of: key) else { return false }
        known.withLock { _ = $0.insert(key) }
        if !file.isUsedToday(row: row) { update(used: [key]) }
        return true
    }

    private func forget(_ key: RecordKey) {
        known.withLock { _ = $0.remove(key) }
        update(removing: [key])
    }

    private func update(
        adding additions: [RecordFile.Addition] = [],
        removing removed: [RecordKey] = [],
        used: [RecordKey] = []
    ) {
        guard let folder, let memoryPath else { return }
        if !additions.isEmpty { CacheFolder.create(folder) }
        let isWritten = try? RecordFile.update(
            memoryPath,
            contentBytes: 0,
            maximumBytes: Self.maximumBytes,
            adding: additions,
            removing: removed,
            used: used
        )
        guard isWritten == true else { return }
        CacheFolder.trim(folder, suffix: Self.fileName, keeping: memoryPath, maximumBytes: .max)
    }
}
