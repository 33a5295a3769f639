#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// An image file on this machine.
package struct LocalFile: Sendable {
    /// The path, which need not be valid UTF-8.
    let path: [UInt8]
    /// The size limit; a larger file is not read.
    let maximumBytes: Int

    package init(path: [UInt8], maximumBytes: Int) {
        self.path = path
        self.maximumBytes = maximumBytes
    }

    /// The file's current version, without reading the file.
    var version: String { FileVersion.read(bytesOfPath: path) }

    /// Replaces the contents of `buffer` with the bytes of the file, keeping its capacity.
    ///
    /// - Returns: The version of the file that these bytes belong to.
    /// - Throws: ``CLIPError`` with code `notFound`, `unreadable` or `limitExceeded`.
    package func read(into buffer: inout [UInt8]) throws -> String {
        let file = try open()
        try FileBytes.read(file, maximumBytes: maximumBytes, into: &buffer)
        try file.requireUnchanged()
        return file.version.text
    }

    private func open() throws -> OpenFile {
        do {
            return try OpenFile(bytesOfPath: path)
        } catch let error as CLIPError where error.code == .notFound {
            var status = stat()
            guard PathText.withCString(path, { lstat($0, &status) }) == 0 else { throw error }
            throw CLIPError.brokenLink(path, SystemError(number: ENOENT))
        }
    }
}

extension CLIPError {
    /// An error for a broken link: its target may return when its disk is mounted.
    package static func brokenLink(_ path: [UInt8], _ reason: SystemError) -> CLIPError {
        CLIPError(
            .unreadable,
            "Cannot follow the link \(PathText.text(path[...])): \(reason). Mount its target, or remove the link."
        )
    }
}
