package import CLIPCore

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// The visible entries of a folder, sorted by the bytes of their names.
package struct FolderListing {
    package enum Kind: Equatable {
        case file
        /// A folder, or an entry that cannot be inspected and may be one.
        case folder
        /// A link that cannot be resolved, and why.
        case brokenLink(SystemError)
    }

    package struct Entry {
        /// The name in the file system, which need not be UTF-8.
        let name: [UInt8]
        /// Whether it is a symbolic link.
        package let isLink: Bool
        /// What the entry is, or what its link points to.
        package let kind: Kind

        /// Inspects an entry if its `readdir` type is not enough.
        package init(name: [UInt8], type: Int32, in folder: Int32) {
            // Some file systems report no types.
            let isUnknown = type == Int32(DT_UNKNOWN)
            let isLink =
                type == Int32(DT_LNK)
                || isUnknown && (try? Self.mode(of: name, in: folder, flags: AT_SYMLINK_NOFOLLOW).get()) == S_IFLNK
            self.name = name
            self.isLink = isLink
            guard isLink || isUnknown else {
                kind = type == Int32(DT_DIR) ? .folder : .file
                return
            }
            switch Self.mode(of: name, in: folder, flags: 0) {
            case .success(let mode): kind = mode == S_IFDIR ? .folder : .file
            case .failure(let reason) where isLink: kind = .brokenLink(reason)
            // An entry that has disappeared since it was listed becomes a file that cannot be read.
            case .failure(let reason): kind = reason.isNotFound ? .file : .folder
            }
        }

        private static func mode(of name: [UInt8], in folder: Int32, flags: Int32) -> Result<mode_t, SystemError> {
            var status = stat()
            guard PathText.withCString(name, { fstatat(folder, $0, &status, flags) }) == 0 else {
                return .failure(SystemError.last)
            }
            return .success(status.st_mode & S_IFMT)
        }
    }

    let identity: FileIdentity
    let entries: [Entry]

    /// Lists a folder.
    ///
    /// - Throws: `CLIPError` with code `notFound` or `unreadable`.
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
                entries.append(Entry(name: name, type: Int32(entry.pointee.d_type), in: descriptor))
            }
            errno = 0
        }
        guard errno == 0 else { throw failure() }
        self.identity = FileIdentity(status)
        self.entries = entries.sorted { $0.name.lexicographicallyPrecedes($1.name) }
    }
}
