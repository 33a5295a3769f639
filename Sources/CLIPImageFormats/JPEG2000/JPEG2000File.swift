internal import CJPEG2000
internal import CLIPCore
internal import CLIPImage

/// A JP2 file or a raw JPEG 2000 codestream, decoded with OpenJPEG.
struct JPEG2000File: ImageFile {
    let width: Int
    let height: Int
    let format: PixelImage.Format
    private let header: JPEG2000Header
    private let data: [UInt8]

    /// Reads the headers.
    init(_ data: [UInt8]) throws(CLIPError) {
        header = try JPEG2000Header(data)
        guard let format = header.format else {
            throw .unsupported("JPEG 2000", "\(header.codestream.components.count) components")
        }
        self.format = format
        width = header.codestream.width
        height = header.codestream.height
        self.data = data
    }

    private static let maximumTiles = 65_535

    /// A copy of the compressed data, the samples of one tile before and after packing, its blocks, and a record of each
    /// tile.
    func codecMemory() throws(CLIPError) -> DecodingMemory {
        let codestream = header.codestream
        guard codestream.tileCount <= Self.maximumTiles else {
            throw .damaged("JPEG 2000", "it has more than \(Self.maximumTiles) tiles")
        }
        let (tileWidth, tileHeight) = (codestream.tileWidth, codestream.tileHeight)
        let count = codestream.components.count
        let tiles = DecodingMemory(bytes: 8192 + 2048 * count) * codestream.tileCount
        let samples = DecodingMemory(pixels: tileWidth, tileHeight, bytesPerPixel: 8 * count)
        let rows = DecodingMemory(bytes: 64) * (tileWidth + tileHeight)
        let indices = DecodingMemory(pixels: width, height, bytesPerPixel: count == 2 && format == .palette ? 2 : 0)
        return tiles + samples + rows + indices + codestream.coding.memory(width: tileWidth, height: tileHeight) * count
            + DecodingMemory(bytes: data.count)
    }

    func decode(into image: inout PixelImage, allowTruncated: Bool) throws(CLIPError) {
        // Pillow converts luma and chroma tile by tile, so that missing tiles are black.
        let allowTruncated = allowTruncated && !header.isLumaChroma
        var isComplete = true
        try image.replace(width: width, height: height, format: format) { (pixels, palette) throws(CLIPError) in
            if let colors = header.palette, format == .palette { _ = palette.update(fromContentsOf: colors) }
            if format == .palette, header.codestream.components.count == 2 {
                isComplete = try readIndicesWithAlpha(to: pixels, allowTruncated: allowTruncated)
            } else {
                if allowTruncated { pixels.update(repeating: 0) }
                isComplete = try read(to: pixels, allowTruncated: allowTruncated)
            }
            if header.isLumaChroma { convert(pixels) }
        }
        if !isComplete { image.markTruncated() }
    }

    /// - Returns: Whether all tiles were read.
    private func read(
        to pixels: UnsafeMutableBufferPointer<UInt8>,
        allowTruncated: Bool
    ) throws(CLIPError) -> Bool {
        guard let start = pixels.baseAddress else { return true }
        var hasTiles = false
        var message = [CChar](repeating: 0, count: 256)
        let status = cjpeg2000_decode(
            data,
            data.count,
            data.starts(with: JPEG2000Codestream.signature),
            UInt32(width),
            UInt32(height),
            UInt32(header.codestream.components.count),
            format == .gray16 ? 2 : 1,
            start,
            &hasTiles,
            &message,
            message.count
        )
        switch status {
        case CJPEG2000_OK:
            return true
        case _ where allowTruncated && hasTiles:
            return false
        case CJPEG2000_TRUNCATED:
            throw .truncated("JPEG 2000", data)
        default:
            throw .damaged("JPEG 2000", message.withUnsafeBytes(String.init(cMessage:)))
        }
    }

    private func readIndicesWithAlpha(
        to pixels: UnsafeMutableBufferPointer<UInt8>,
        allowTruncated: Bool
    ) throws(CLIPError) -> Bool {
        var pairs = [UInt8](repeating: 0, count: 2 * pixels.count)
        let isComplete = try pairs.withUnsafeMutableBufferPointer { (pairs) throws(CLIPError) in
            try read(to: pairs, allowTruncated: allowTruncated)
        }
        for index in pixels.indices { pixels[index] = pairs[2 * index] }
        return isComplete
    }

    private func convert(_ pixels: UnsafeMutableBufferPointer<UInt8>) {
        for start in stride(from: 0, to: pixels.count, by: format.bytesPerPixel) {
            let color = LumaChroma.rgb(pixels[start], pixels[start + 1], pixels[start + 2])
            (pixels[start], pixels[start + 1], pixels[start + 2]) = color
        }
    }
}
