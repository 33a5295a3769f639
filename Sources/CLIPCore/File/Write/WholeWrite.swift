#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Writing to open files.
package enum WholeWrite {
    /// Writes all bytes: goes on after partial writes, and repeats interrupted ones.
    ///
    /// - Throws: `SystemError`; some bytes may be written.
    package static func all(_ bytes: UnsafeRawBufferPointer, to file: Int32) throws(SystemError) {
        var rest = bytes
        while let start = rest.baseAddress, !rest.isEmpty {
            let count = SystemError.retrying { write(file, start, rest.count) }
            // Nothing written is no error to the system, which then sets no reason.
            guard count > 0 else { throw count == 0 ? SystemError(number: EIO) : .last }
            rest = UnsafeRawBufferPointer(rebasing: rest[count...])
        }
    }
}
