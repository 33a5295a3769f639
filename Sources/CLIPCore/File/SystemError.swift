#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// The operating system's reason for a failed call.
package struct SystemError: Error, Hashable, CustomStringConvertible {
    /// The value of `errno`.
    package let number: Int32

    /// The reason of the last failed call on this thread.
    package static var last: SystemError { SystemError(number: errno) }

    package init(number: Int32) {
        self.number = number
    }

    /// Calls a function of the system, and repeats the call while signals interrupt it.
    ///
    /// - Parameter call: Returns a negative number, with the reason in `errno`, if it fails.
    /// - Returns: The last call's result.
    package static func retrying<Result: SignedInteger>(_ call: () -> Result) -> Result {
        var result = call()
        while result < 0, errno == EINTR { result = call() }
        return result
    }

    /// Whether a component of the path does not exist.
    package var isNotFound: Bool { number == ENOENT || number == ENOTDIR }

    /// The system's description, for example `No such file or directory`.
    package var description: String { String(cString: strerror(number)) }
}
