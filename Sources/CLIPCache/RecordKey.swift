internal import CLIPDigest

/// A SHA-256 that identifies a record.
package struct RecordKey: Sendable, Hashable, Comparable {
    static let byteCount = 32

    /// The words in byte order.
    private let words: (UInt64, UInt64, UInt64, UInt64)

    /// Hashes several parts with their lengths, so that different lists of parts have different keys.
    package init(of parts: [[UInt8]]) {
        var hash = SHA256()
        for part in parts {
            withUnsafeBytes(of: UInt64(part.count).littleEndian) { hash.update($0) }
            part.withUnsafeBytes { hash.update($0) }
        }
        let digest = hash.digest()
        self = digest.withUnsafeBytes { Self($0) }
    }

    /// Reads the 32 bytes of a key.
    init(_ bytes: UnsafeRawBufferPointer) {
        func word(_ index: Int) -> UInt64 {
            UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8 * index, as: UInt64.self))
        }
        words = (word(0), word(1), word(2), word(3))
    }

    var bytes: [UInt8] {
        [words.0, words.1, words.2, words.3].flatMap { word in withUnsafeBytes(of: word.bigEndian) { Array($0) } }
    }

    /// Half of the digits in hexadecimal, as the name of a file.
    var fileName: String {
        bytes.prefix(16).reduce(into: "") { name, byte in
            name += (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }
    }

    package static func == (first: Self, second: Self) -> Bool { first.words == second.words }

    package static func < (first: Self, second: Self) -> Bool { first.words < second.words }

    package func hash(into hasher: inout Hasher) { hasher.combine(words.0) }
}
