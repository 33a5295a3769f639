#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// The processors of this machine.
package enum ProcessorCount {
    /// Logical processors that are online, at least 1.
    package static let current = max(Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))), 1)
}
