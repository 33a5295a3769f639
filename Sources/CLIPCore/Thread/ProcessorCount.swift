#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// The CPU cores of this machine.
package enum ProcessorCount {
    /// The number of logical CPU cores that are online, at least 1.
    package static let current = max(Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))), 1)
}
