internal import CLIPCore
internal import CLIPDigest

/// Fixed-size records, each with a SHA-256 as its key, in a file that is replaced as a whole.
///
/// ```
/// magic, 8 bytes | bytes of a record's contents, UInt32 | number of records n, UInt32
/// n × (key, 32 bytes | check, UInt64 | day of its last use since 1970, UInt32), in the order of keys
/// SHA-256 of all of that
/// n × contents, in the same order
/// ```
///
/// Numbers are little-endian. A record's check is the start of the SHA-256 of its key and contents. Invalid data counts
/// as absent, as does a file that is a link or that another user may have written or placed in the folder.
package struct RecordFile {
    struct Entry: Equatable {
        let key: RecordKey
        let check: UInt64
        var day: UInt32
    }

    static let magic = Array("clipcac1".utf8)
    package static let headBytes = 16
    package static let entryBytes = RecordKey.byteCount + 12

    /// Sorted by key.
    private(set) var entries = [Entry]()

    /// The number of records.
    package var count: Int { entries.count }
    private let contentBytes: Int
    private var file: OpenFile?

    /// Reads the keys of a file.
    package init(path: String, contentBytes: Int) {
        self.contentBytes = contentBytes
        guard Ownership.isOwn(folder: PendingFile.folder(of: path)),
            let file = try? OpenFile(bytesOfPath: Array(path.utf8), requiresOwn: true),
            let entries = try? Self.entries(of: file, contentBytes: contentBytes)
        else { return }
        self.entries = entries
        self.file = file
    }

    /// The row of a key; `nil` if there is no such record.
    package func row(of key: RecordKey) -> Int? {
        var range = 0..<entries.count
        while let middle = range.isEmpty ? nil : (range.lowerBound + range.upperBound) / 2 {
            if entries[middle].key == key { return middle }
            range = entries[middle].key < key ? middle + 1..<range.upperBound : range.lowerBound..<middle
        }
        return nil
    }

    /// Whether the record is already marked as used today.
    func isUsedToday(row: Int) -> Bool { entries[row].day == Self.today }

    /// Today as a number of days since 1970.
    package static var today: UInt32 { UInt32(clamping: FileState.Time.now.seconds / 86_400) }

    /// The contents of a record; `nil` if they are damaged.
    func contents(row: Int) -> [UInt8]? {
        guard let bytes = uncheckedContents(row: row),
            Self.check(key: entries[row].key, contents: bytes) == entries[row].check
        else { return nil }
        return bytes
    }

    /// The contents of a record without checking them; `nil` if they cannot be read.
    func uncheckedContents(row: Int) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: contentBytes)
        let offset = Self.contentsOffset(count: entries.count) + row * contentBytes
        let count = try? bytes.withUnsafeMutableBytes { try file?.read(at: offset, into: $0) }
        return count == contentBytes ? bytes : nil
    }

    static func check(key: RecordKey, contents: [UInt8]) -> UInt64 {
        var hash = SHA256()
        key.bytes.withUnsafeBytes { hash.update($0) }
        contents.withUnsafeBytes { hash.update($0) }
        return hash.digest().withUnsafeBytes { $0.loadUnaligned(as: UInt64.self) }
    }

    private static func contentsOffset(count: Int) -> Int {
        headBytes + count * entryBytes + RecordKey.byteCount
    }

    private static func entries(of file: OpenFile, contentBytes: Int) throws -> [Entry]? {
        var head = [UInt8](repeating: 0, count: headBytes)
        guard try head.withUnsafeMutableBytes({ try file.read(at: 0, into: $0) }) == headBytes,
            Array(head.prefix(magic.count)) == magic
        else { return nil }
        let (size, count) = head.withUnsafeBytes { (number($0, at: 8), number($0, at: 12)) }
        guard size == contentBytes, file.byteCount == contentsOffset(count: count) + count * contentBytes else {
            return nil
        }
        var index = [UInt8](repeating: 0, count: contentsOffset(count: count))
        guard try index.withUnsafeMutableBytes({ try file.read(at: 0, into: $0) }) == index.count else { return nil }
        var hash = SHA256()
        let end = index.count - RecordKey.byteCount
        index.withUnsafeBytes { hash.update(UnsafeRawBufferPointer(rebasing: $0[..<end])) }
        guard hash.digest() == Array(index[end...]) else { return nil }
        let entries = index.withUnsafeBytes { bytes in
            (0..<count).map { entry(UnsafeRawBufferPointer(rebasing: bytes[(headBytes + $0 * entryBytes)...])) }
        }
        return zip(entries, entries.dropFirst()).allSatisfy { $0.key < $1.key } ? entries : nil
    }

    private static func entry(_ bytes: UnsafeRawBufferPointer) -> Entry {
        Entry(
            key: RecordKey(bytes),
            check: bytes.loadUnaligned(fromByteOffset: RecordKey.byteCount, as: UInt64.self),
            day: UInt32(number(bytes, at: RecordKey.byteCount + 8))
        )
    }

    private static func number(_ bytes: UnsafeRawBufferPointer, at offset: Int) -> Int {
        Int(UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self)))
    }
}
