#if canImport(Glibc)
package import Glibc
#elseif canImport(Musl)
package import Musl
#elseif canImport(Darwin)
package import Darwin
#endif

/// Names of a folder's entries.
package enum FolderNames {
    /// All names except `.` and `..`, as raw bytes in arbitrary order.
    ///
    /// - Throws: `SystemError` if the folder cannot be read.
    package static func list(_ path: [UInt8]) throws(SystemError) -> [[UInt8]] {
        guard let folder = PathText.withCString(path, { opendir($0) }) else { throw SystemError.last }
        defer { closedir(folder) }
        var names = [[UInt8]]()
        errno = 0
        while let entry = readdir(folder) {
            let name = name(of: entry)
            if name != Array(".".utf8), name != Array("..".utf8) { names.append(name) }
            errno = 0
        }
        guard errno == 0 else { throw SystemError.last }
        return names
    }

    /// The name of one entry.
    package static func name(of entry: UnsafeMutablePointer<dirent>) -> [UInt8] {
        withUnsafeBytes(of: &entry.pointee.d_name) { Array($0.prefix { $0 != 0 }) }
    }
}
