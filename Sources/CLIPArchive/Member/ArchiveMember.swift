internal import CLIPCore

/// A file in an archive.
struct ArchiveMember: Sendable {
    enum Contents: Sendable {
        /// Bytes that are read, or already in memory.
        case readable(@Sendable (_ buffer: inout [UInt8]) throws -> Void)
        /// The contents of another file, which is found when the archive is at its end.
        case link(TarEntry)
        /// Not needed.
        case unread
    }

    /// The path in the archive.
    var path: [UInt8]
    /// Size of the contents.
    var byteCount = 0
    /// Changes when the contents change.
    var version = ""
    /// Number of bytes in memory until the member is released.
    var heldByteCount = 0
    var contents = Contents.unread
}

extension ArchiveMember {
    /// A file that cannot be read.
    init(path: [UInt8], byteCount: Int = 0, version: String, error: CLIPError) {
        self.init(path: path, byteCount: byteCount, version: version, contents: .readable { _ in throw error })
    }

    /// Replaces the contents of `buffer` with the file's contents.
    func read(into buffer: inout [UInt8]) throws {
        guard case .readable(let read) = contents else { preconditionFailure("links are resolved before reading") }
        try read(&buffer)
    }
}

/// Iterates over the files of an archive, in the archive's order.
protocol ArchiveMembers {
    /// The next file, or `nil` at the end.
    ///
    /// - Throws: `ArchiveDamage`, which ends the iteration.
    mutating func next() throws(ArchiveDamage) -> ArchiveMember?
}

/// The position at which an archive cannot be read any further.
struct ArchiveDamage: Error {
    /// An offset in the archive; of a compressed tar archive, in the decompressed one.
    let offset: Int
    /// The problem.
    let error: CLIPError

    init(offset: Int, _ error: any Error) {
        self.offset = offset
        self.error = error as? CLIPError ?? CLIPError(.unreadable, "\(error)")
    }
}

extension CLIPError {
    /// An error for a file in an archive.
    static func member(_ path: [UInt8], of archive: String, _ code: Code, _ what: String) -> CLIPError {
        CLIPError(code, "Cannot read \(PathText.text(path[...])) in \(archive): \(what).")
    }
}
