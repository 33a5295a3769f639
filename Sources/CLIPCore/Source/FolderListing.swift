#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Device and inode: the same for all paths that lead to a file.
struct FileIdentity: Hashable {
    let device: UInt64
    let inode: UInt64

    init(_ status: stat) {
        device = UInt64(truncatingIfNeeded: status.st_dev)
        inode = UInt64(truncatingIfNeeded: status.st_ino)
    }
}

/// The visible entries of a folder, sorted by the bytes of their names.
struct FolderListing {
    struct Entry {
        /// The name as the file system holds it, which need not be UTF-8.
        let name: [UInt8]
        /// Whether it is a folder or a link to one.
        let isFolder: Bool
        /// Whether it is a link.
        let isLink: Bool
    }

    let identity: FileIdentity
    let entries: [Entry]

    /// Lists a folder.
    ///
    /// - Throws: ``CLIPError`` with code `notFound` or `unreadable`.
    init(_ path: [UInt8]) throws {
        let name = PathText.text(path[...])
        func failure() -> CLIPError {
            let reason = SystemError.last
            return CLIPError(reason.isNotFound ? .notFound : .unreadable, "Cannot read the folder \(name): \(reason).")
        }
        guard let folder = PathText.withCString(path, { opendir($0) }) else { throw failure() }
        defer { closedir(folder) }
        let descriptor = dirfd(folder)
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw failure() }

        var entries = [Entry]()
        errno = 0
        while let entry = readdir(folder) {
            let name = FolderNames.name(of: entry)
            if !FileFilter.isHidden(name) {
                let isLink = Int32(entry.pointee.d_type) == Int32(DT_LNK)
                entries.append(Entry(name: name, isFolder: Self.isFolder(entry, name, in: descriptor), isLink: isLink))
            }
            errno = 0
        }
        guard errno == 0 else { throw failure() }
        self.identity = FileIdentity(status)
        self.entries = entries.sorted { $0.name.lexicographicallyPrecedes($1.name) }
    }

    private static func isFolder(_ entry: UnsafeMutablePointer<dirent>, _ name: [UInt8], in folder: Int32) -> Bool {
        let kind = Int32(entry.pointee.d_type)
        guard kind == Int32(DT_LNK) || kind == Int32(DT_UNKNOWN) else { return kind == Int32(DT_DIR) }
        var status = stat()
        return PathText.withCString(name) { fstatat(folder, $0, &status, 0) } == 0 && status.st_mode & S_IFMT == S_IFDIR
    }
}
