#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Gives a file a name that no file has.
package enum ExclusiveRename {
    /// Renames a file in one step; the name must be free.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - target: The new name, on the same file system.
    ///   - identity: The file.
    /// - Throws: `SystemError`, with `EEXIST` when there is a file of that name.
    package static func rename(_ path: String, to target: String, identity: FileIdentity) throws(SystemError) {
        if renameWithoutReplacing(path, target) == 0 { return }
        let error = SystemError.last
        guard lacksCall(error) else { throw error }
        try link(path, to: target, identity: identity)
    }

    /// For file systems that cannot rename without replacing, such as NFS: a second name, then the first one away.
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
            // A server may have made the link, and its answer got lost.
            let isMade = error.number == EEXIST && FileIdentity(path: target) == identity
            guard isMade || lacksCall(error) else { throw error }
            if !isMade { return try renameIfAbsent(path, target) }
        }
        unlink(path)
    }

    /// For file systems without links too, such as FAT, which one computer writes at a time: looks first.
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

    /// Swift's module of the C library leaves `renameat2` out.
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
