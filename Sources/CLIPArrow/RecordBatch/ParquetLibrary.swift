internal import CParquet

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#elseif canImport(Darwin)
internal import Darwin
#endif

/// The installed library `libparquet-c`.
package enum ParquetLibrary {
    /// The folder that it was loaded from, beside which other files of the set-up are.
    package static var folder: String? {
        var info = Dl_info()
        let version = pqc_version()
        guard dladdr(version, &info) != 0, let name = info.dli_fname else { return nil }
        let path = String(cString: name)
        return path.lastIndex(of: "/").map { String(path[..<$0]) }
    }
}
