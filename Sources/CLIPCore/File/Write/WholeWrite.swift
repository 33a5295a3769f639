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
    package static func write(_ bytes: UnsafeRawBufferPointer, to file: Int32) throws(SystemError) {
        var rest = bytes
        while let start = rest.baseAddress, !rest.isEmpty {
            let count = SystemError.retrying { call(file, start, rest.count) }
            guard count > 0 else { throw count == 0 ? SystemError(number: EIO) : .last }
            rest = UnsafeRawBufferPointer(rebasing: rest[count...])
        }
    }

    private static func call(_ file: Int32, _ start: UnsafeRawPointer, _ count: Int) -> Int {
        #if canImport(Glibc)
        Glibc.write(file, start, count)
        #elseif canImport(Musl)
        Musl.write(file, start, count)
        #elseif canImport(Darwin)
        Darwin.write(file, start, count)
        #endif
    }
}
