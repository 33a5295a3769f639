#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// An image file of this machine.
package struct LocalFile: Sendable {
    /// Its path, which need not be UTF-8.
    let path: [UInt8]
    /// A larger file is refused before it is read.
    let maximumBytes: Int

    package init(path: [UInt8], maximumBytes: Int) {
        self.path = path
        self.maximumBytes = maximumBytes
    }

    /// What the file is now, without reading it.
    var version: String { FileVersion.read(bytesOfPath: path) }

    /// Replaces the contents of `buffer` with the bytes of the file, and keeps its capacity.
    ///
    /// - Returns: The version of the file that has these bytes.
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
    /// Refuses a link that leads nowhere: what it leads to may be there again when its disk is mounted.
    package static func brokenLink(_ path: [UInt8], _ reason: SystemError) -> CLIPError {
        CLIPError(
            .unreadable,
            "Cannot follow the link \(PathText.text(path[...])): \(reason). Mount what it leads to, or remove the link."
        )
    }
}
