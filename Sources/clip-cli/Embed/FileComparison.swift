internal import CLIPCore
internal import CLIPDigest

/// How files are compared with the images of a store.
struct FileComparison {
    /// Whether size and time do not count.
    let comparesContent: Bool
    /// Larger files are not read.
    let maximumBytes: Int

    /// Whether the store has a file under an id, as far as its size and time, or its bytes, tell.
    func isStored(_ file: [UInt8], as id: String, in images: StoredImages) -> Bool {
        if !comparesContent, images.isCurrent(id, version: FileVersion.read(bytesOfPath: file)) { return true }
        guard let bytes = try? FileBytes.read(bytesOfPath: file, maximumBytes: maximumBytes) else { return false }
        return images.isCurrent(id, contentHash: SHA256.hexadecimal(of: bytes))
    }
}
