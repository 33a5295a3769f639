internal import CLIPCore

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#elseif canImport(Darwin)
internal import Darwin
#endif

/// A new folder that is deleted, with all its contents, together with this object.
package final class TemporaryFolder: Sendable {
    /// Path of the folder.
    package let path: String

    /// Creates an empty folder in `/tmp` or another folder.
    ///
    /// - Throws: `CLIPError` with code `storage`.
    package init(in parent: String = "/tmp") throws {
        var template = Array("\(parent)/swift-openclip-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else {
            throw CLIPError(.storage, "Cannot create a temporary folder: \(SystemError.last).")
        }
        path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    deinit {
        Self.remove(path)
    }

    /// Writes a file, and creates its parent folders.
    ///
    /// - Throws: `CLIPError` with code `storage`.
    package func write(_ bytes: [UInt8], to name: String) throws {
        for end in name.indices where name[end] == "/" {
            mkdir("\(path)/\(name[..<end])", 0o700)
        }
        try write(bytes, toBytesOfName: Array(name.utf8))
    }

    /// Writes a file whose name need not be UTF-8.
    ///
    /// - Throws: `CLIPError` with code `storage`.
    package func write(_ bytes: [UInt8], toBytesOfName name: [UInt8]) throws {
        guard let file = PathText.withCString(Array("\(path)/".utf8) + name, { fopen($0, "w") }) else {
            throw CLIPError(.storage, "Cannot write a temporary file: \(SystemError.last).")
        }
        defer { fclose(file) }
        guard fwrite(bytes, 1, bytes.count, file) == bytes.count else {
            throw CLIPError(.storage, "Cannot write a temporary file: \(SystemError.last).")
        }
    }

    /// The sorted names in the folder, or in a subfolder, including hidden ones.
    package func names(in folder: String = ".") -> [String] {
        Self.entries(of: "\(path)/\(folder)").map { PathText.text($0[...]) }.sorted()
    }

    private static func entries(of path: String) -> [[UInt8]] {
        (try? FolderNames.list(Array(path.utf8))) ?? []
    }

    private static func remove(_ path: String) {
        for name in entries(of: path) {
            let child = Array("\(path)/".utf8) + name
            if PathText.withCString(child, { unlink($0) }) != 0 {
                remove(String(decoding: child, as: UTF8.self))
            }
        }
        rmdir(path)
    }
}
