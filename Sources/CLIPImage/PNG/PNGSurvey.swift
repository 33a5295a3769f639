internal import CLIPCore

/// What the chunks of a PNG file say besides its pixels.
struct PNGSurvey {
    /// The first thing that is wrong with the file, though its pixels can be decoded.
    private(set) var damage: String?
    /// The contents of the last palette before the image data.
    private(set) var palette: ArraySlice<UInt8>?

    /// Reads all chunks and verifies their checksums.
    ///
    /// - Throws: `CLIPError` with code `corruptData` if a chunk that is needed to understand the image data has a wrong
    ///   checksum.
    init(_ chunks: PNGChunks) throws(CLIPError) {
        var hasImageData = false
        for chunk in chunks {
            let isImageData = chunk.isNamed("IDAT")
            if chunk.isNamed("PLTE"), !hasImageData { palette = chunk.content }
            if !chunk.hasRightChecksum {
                let name = String(decoding: chunk.name, as: UTF8.self)
                if chunk.isCritical, !isImageData, !hasImageData {
                    throw .damaged("PNG", "the checksum of its chunk \(name) is wrong")
                }
                damage = damage ?? "the checksum of the chunk \(name) is wrong"
            }
            if chunk.isNamed("IEND") { return }
            hasImageData = hasImageData || isImageData
        }
        damage = damage ?? "the chunk for the end of the image, IEND, is missing"
    }
}
