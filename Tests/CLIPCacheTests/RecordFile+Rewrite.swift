import CLIPCache
import CLIPCore
import CLIPDigest
import Testing

extension RecordFile {
    /// Rewrites a file without contents as if a record had not been used since the day before.
    static func age(_ path: String, key: RecordKey) throws {
        let row = try #require(RecordFile(path: path, contentBytes: 0).row(of: key))
        try rewrite(path) { bytes in
            let day = headBytes + row * entryBytes + entryBytes - 4
            withUnsafeBytes(of: (today - 1).littleEndian) { bytes.replaceSubrange(day..<day + 4, with: $0) }
        }
    }

    /// Changes the bytes of a file without contents, and its digest with them.
    static func rewrite(_ path: String, _ change: (inout [UInt8]) -> Void) throws {
        var bytes = try FileBytes.read(path)
        change(&bytes)
        var hash = SHA256()
        bytes.dropLast(32).withUnsafeBytes { hash.update($0) }
        bytes.replaceSubrange((bytes.count - 32)..., with: hash.digest())
        let file = try OutputFile(path: path)
        try bytes.withUnsafeBytes { try file.write($0) }
        try file.close()
    }
}
