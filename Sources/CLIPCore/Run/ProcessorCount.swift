#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// The processors of this machine.
public enum ProcessorCount {
    /// Logical processors that are online, at least 1.
    public static let current = max(Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))), 1)
}
