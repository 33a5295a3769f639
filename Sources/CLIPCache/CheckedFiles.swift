internal import CLIPCore
internal import CLIPDigest

/// Checks files against the SHA-256 that they should have, and remembers which ones it found right.
///
/// What is remembered is a SHA-256 of the file's path, its ``FileState`` and the SHA-256 that it should have. A file that was
/// changed, replaced or restored has another state and is read again. That nothing can be remembered is no error.
package struct CheckedFiles: Sendable {
    private let folder: String?

    package static let fileName = "checked-files"
    private static let maximumBytes = 1 << 18

    /// Remembers in a folder, or not at all.
    package init(folder: String?) {
        self.folder = folder
    }

    private var memoryPath: String? { folder.map { "\($0)/\(Self.fileName)" } }

    private var memoryFile: RecordFile? { memoryPath.map { RecordFile(path: $0, contentBytes: 0) } }

    /// The SHA-256 of a file.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - expected: The SHA-256 that it should have, in lower case.
    ///   - reads: Whether the file is read even when it is known.
    ///   - now: The time by the clock that gives files theirs.
    /// - Returns: 64 lower-case hexadecimal digits; those expected, without reading the file, when it is remembered that it has
    ///   them.
    /// - Throws: `CLIPError` with code `notFound` or `unreadable`.
    package func sha256(
        ofFile path: String,
        expected: String,
        reads: Bool = false,
        now: FileState.Time = .now
    ) throws -> String {
        let state = FileState(path: path)
        let key = state.flatMap { Self.key(path, $0, expected) }
        if !reads, let key, let file = memoryFile, let row = file.row(of: key) {
            if !file.isUsedToday(row: row) { remember(used: [key]) }
            return expected
        }
        var hash = SHA256()
        try FileBytes.forEachChunk(bytesOfPath: Array(path.utf8)) { chunk, _ in hash.update(chunk) }
        let actual = hash.finish()
        // What changes while it is read, or may change within the same tick of the clock, is read again next time.
        if actual == expected, let key, let state, state.isSettled(at: now), FileState(path: path) == state {
            remember(adding: [.init(key: key, contents: [])])
        }
        return actual
    }

    package static func key(_ path: String, _ state: FileState, _ expected: String) -> RecordKey? {
        PathKind.resolved(path).map { RecordKey(of: [$0, state.text, expected].map { Array($0.utf8) }) }
    }

    private func remember(adding additions: [RecordFile.Addition] = [], used: [RecordKey] = []) {
        guard let folder, let memoryPath else { return }
        CacheFolder.create(folder)
        let isWritten = try? RecordFile.update(
            memoryPath,
            contentBytes: 0,
            maximumBytes: Self.maximumBytes,
            adding: additions,
            used: used
        )
        guard isWritten == true else { return }
        CacheFolder.trim(folder, suffix: Self.fileName, keeping: memoryPath, maximumBytes: .max)
    }
}
