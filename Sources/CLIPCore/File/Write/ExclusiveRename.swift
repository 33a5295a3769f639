#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Renames a file without replacing another.
package enum ExclusiveRename {
    /// Renames a file atomically, unless the name exists.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - target: The new name, on the same file system.
    ///   - identity: The file's identity.
    /// - Throws: `SystemError`, with `EEXIST` if the name exists.
    package static func rename(_ path: String, to target: String, identity: FileIdentity) throws(SystemError) {
        if renameWithoutReplacing(path, target) == 0 { return }
        let error = SystemError.last
        guard lacksCall(error) else { throw error }
        try link(path, to: target, identity: identity)
    }

    /// Fallback for file systems that cannot rename without replacing, such as NFS: creates a hard link, then removes
    /// the old name.
    package static func link(_ path: String, to target: String, identity: FileIdentity) throws(SystemError) {
        #if canImport(Glibc)
        let status = Glibc.link(path, target)
        #elseif canImport(Musl)
        let status = Musl.link(path, target)
        #elseif canImport(Darwin)
        let status = Darwin.link(path, target)
        #endif
        if status != 0 {
            let error = SystemError.last
            // A server may have created the link although its reply was lost.
            let isMade = error.number == EEXIST && FileIdentity(path: target) == identity
            guard isMade || lacksCall(error) else { throw error }
            if !isMade { return try renameIfAbsent(path, target) }
        }
        unlink(path)
    }

    /// Fallback for file systems without links, such as FAT, which only one computer writes: checks before renaming.
    private static func renameIfAbsent(_ path: String, _ target: String) throws(SystemError) {
        var status = stat()
        guard lstat(target, &status) != 0 else { throw SystemError(number: EEXIST) }
        #if canImport(Glibc)
        let result = Glibc.rename(path, target)
        #elseif canImport(Musl)
        let result = Musl.rename(path, target)
        #elseif canImport(Darwin)
        let result = Darwin.rename(path, target)
        #endif
        guard result == 0 else { throw SystemError.last }
    }

    private static func lacksCall(_ error: SystemError) -> Bool {
        [EINVAL, ENOSYS, ENOTSUP, EOPNOTSUPP, EPERM, EMLINK].contains(error.number)
    }

    #if canImport(Darwin)
    private static func renameWithoutReplacing(_ path: String, _ target: String) -> Int32 {
        renamex_np(path, target, UInt32(RENAME_EXCL))
    }
    #else
    private typealias RenameAt2 =
        @convention(c) (Int32, UnsafePointer<CChar>, Int32, UnsafePointer<CChar>, UInt32) -> Int32

    /// Swift's C library module omits `renameat2`.
    private static let renameAt2 = dlsym(nil, "renameat2").map { unsafeBitCast($0, to: RenameAt2.self) }

    private static func renameWithoutReplacing(_ path: String, _ target: String) -> Int32 {
        let noReplace: UInt32 = 1
        guard let renameAt2 else {
            errno = ENOSYS
            return -1
        }
        return renameAt2(AT_FDCWD, path, AT_FDCWD, target, noReplace)
    }
    #endif
}
