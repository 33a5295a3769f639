internal import CLIPCore
internal import CLIPDigest

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#elseif canImport(Darwin)
internal import Darwin
#endif

/// Caches the vectors of long lists of texts, such as parts of a vocabulary, with one file per list.
///
/// ```
/// magic, 8 bytes | vectors, 32-bit floats | SHA-256 of the list's key, the magic and the vectors
/// ```
///
/// Files may be removed at any time. A damaged file, or one that another user may have written, counts as missing.
struct TextListCache: Sendable {
    private static let magic = Array("cliplst1".utf8)
    private static let suffix = ".list"

    let folder: String
    /// Identifies everything that a text's vector depends on besides the text.
    let encoder: [UInt8]
    let dimension: Int
    /// The maximum size of all lists in the folder; the ones used longest ago are removed first.
    let maximumBytes: Int

    /// The vectors of a list, bit for bit as the encoder returned them; `nil` if they are not cached.
    func vectors(of texts: [String]) -> EmbeddingMatrix? {
        let key = key(texts)
        let path = path(key)
        guard Ownership.isOwn(folder: folder),
            let file = try? OpenFile(bytesOfPath: Array(path.utf8), requiresOwn: true)
        else { return nil }
        let size = Self.magic.count + texts.count * dimension * MemoryLayout<Float>.stride
        guard file.byteCount == size + RecordKey.byteCount else { return nil }
        var bytes = [UInt8](repeating: 0, count: file.byteCount)
        guard (try? bytes.withUnsafeMutableBytes({ try file.read(at: 0, into: $0) })) == bytes.count,
            Array(bytes.prefix(Self.magic.count)) == Self.magic,
            Self.digest(key, bytes[..<size]) == Array(bytes[size...])
        else { return nil }
        // Its age decides which lists are removed.
        utimensat(AT_FDCWD, path, nil, 0)
        return EmbeddingMatrix(count: texts.count, dimension: dimension) { values in
            bytes.withUnsafeBytes { bytes in
                UnsafeMutableRawBufferPointer(values).copyMemory(
                    from: UnsafeRawBufferPointer(rebasing: bytes[Self.magic.count..<size])
                )
            }
        }
    }

    /// Writes the vectors of a list; failing to write is not an error.
    func remember(_ vectors: EmbeddingMatrix, of texts: [String]) {
        guard vectors.values.allSatisfy(\.isFinite) else { return }
        let key = key(texts)
        var bytes = Self.magic
        vectors.values.withUnsafeBytes { bytes.append(contentsOf: $0) }
        let digest = Self.digest(key, bytes[...])
        CacheFolder.create(folder)
        let path = path(key)
        guard Ownership.isOwn(folder: folder), Ownership.mayReplace(file: path),
            (try? PrivateFile.replace(path) { writer in
                try writer.append(bytes)
                try writer.append(digest)
            }) != nil
        else { return }
        CacheFolder.trim(folder, suffix: Self.suffix, keeping: path, maximumBytes: maximumBytes)
    }

    private func key(_ texts: [String]) -> RecordKey {
        RecordKey(of: [encoder] + texts.map { Array($0.utf8) })
    }

    private func path(_ key: RecordKey) -> String { "\(folder)/\(key.fileName)\(Self.suffix)" }

    private static func digest(_ key: RecordKey, _ bytes: ArraySlice<UInt8>) -> [UInt8] {
        var hash = SHA256()
        key.bytes.withUnsafeBytes { hash.update($0) }
        bytes.withUnsafeBytes { hash.update($0) }
        return hash.digest()
    }
}
