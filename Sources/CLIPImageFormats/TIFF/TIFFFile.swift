internal import CLIPCore
internal import CLIPImage
internal import CTIFF

/// A TIFF file, decoded with libtiff; of several pages, the first.
struct TIFFFile: ImageFile {
    /// The compressions that Pillow reads: none, fax, LZW, JPEG, Deflate, PackBits, ThunderScan, LZMA, Zstandard.
    private static let compressions: Set<UInt16> = [
        1, 2, 3, 4, 5, 6, 7, 8, 32_771, 32_773, 32_809, 32_946, 34_925, 50_000,
    ]
    /// The decoder of Zstandard may look back this far.
    private static let window = DecodingMemory(bytes: 128 << 20)

    let width: Int
    let height: Int
    let orientation: EXIFOrientation
    private let layout: TIFFLayout
    private let header: ctiff_header
    private let data: [UInt8]

    /// Reads the first directory.
    init(_ data: [UInt8]) throws(CLIPError) {
        let (header, orientation) = try TIFFReader.withFile(data) { ($0.header, $0.orientation) }
        guard Self.compressions.contains(header.compression) else {
            throw .unsupported("TIFF", "compression \(header.compression)")
        }
        guard let layout = TIFFLayout(header) else {
            throw .unsupported(
                "TIFF",
                "\(header.samples_per_pixel) samples of \(header.bits_per_sample) bits, "
                    + "sample format \(header.sample_format), photometric interpretation \(header.photometric)"
            )
        }
        guard header.width > 0, header.height > 0, header.block_width > 0, header.block_height > 0 else {
            throw .damaged("TIFF", "its directory says \(header.width) × \(header.height) pixels")
        }
        width = Int(header.width)
        height = Int(header.height)
        self.orientation = orientation
        self.layout = layout
        self.header = header
        self.data = data
    }

    var format: PixelImage.Format { layout.format }

    var inherentOrientation: EXIFOrientation { orientation }

    /// One decoded block, and what the compression takes for it.
    func codecMemory() -> DecodingMemory {
        let bytes = Int(clamping: header.block_bytes)
        let converted = DecodingMemory(pixels: width, Int(header.block_height), bytesPerPixel: 4)
        let block = DecodingMemory(bytes: bytes) + (layout == .converted ? converted : DecodingMemory(bytes: 0))
        let rows = DecodingMemory(bytes: 128) * width
        let reversed = DecodingMemory(bytes: header.is_reversed ? data.count : 0)
        switch header.compression {
        // JPEG: coefficients of two bytes.
        case 6, 7: return block * 3 + rows + reversed
        case 50_000: return block + rows + Self.window + reversed
        default: return block + rows + reversed
        }
    }

    /// The pixels, and the data of all blocks, which may repeat.
    func work() -> DecodingWork {
        DecodingWork(pixels: width, height) + DecodingWork(bytes: Int(clamping: header.data_bytes))
    }

    func decode(into image: inout PixelImage, allowTruncated: Bool) throws(CLIPError) {
        image.damage = try TIFFReader.withFile(data, memory: codecMemory().bytes) { (reader) throws(CLIPError) in
            try image.replace(width: width, height: height, format: format) { (pixels, palette) throws(CLIPError) in
                if format == .palette { try reader.readPalette(into: palette) }
                if layout == .converted {
                    try readConverted(reader, to: pixels)
                } else {
                    try readBlocks(reader, to: pixels)
                }
            }
            return reader.damage
        }
    }

    private func readConverted(
        _ reader: TIFFReader,
        to pixels: UnsafeMutableBufferPointer<UInt8>
    ) throws(CLIPError) {
        let blockHeight = Int(header.block_height)
        var rgba = [UInt8](repeating: 0, count: width * min(blockHeight, height) * 4)
        for row in stride(from: 0, to: height, by: blockHeight) {
            let rows = min(blockHeight, height - row)
            try rgba.withUnsafeMutableBufferPointer { (rgba) throws(CLIPError) in
                try reader.readRGBA(row: row, rows: rows, into: rgba)
                for index in 0..<width &* rows {
                    let target = 3 &* (row &* width &+ index)
                    pixels[target] = rgba[4 &* index]
                    pixels[target &+ 1] = rgba[4 &* index &+ 1]
                    pixels[target &+ 2] = rgba[4 &* index &+ 2]
                }
            }
        }
    }

    private func readBlocks(_ reader: TIFFReader, to pixels: UnsafeMutableBufferPointer<UInt8>) throws(CLIPError) {
        let (blockWidth, blockHeight) = (Int(header.block_width), Int(header.block_height))
        let rowBytes = Int(clamping: header.row_bytes)
        let channels = format.channels
        let isPlanar = header.is_planar && channels > 1
        let samples = header.is_planar ? 1 : Int(header.samples_per_pixel)
        let unpacker = TIFFUnpacker(layout, samples: samples, isPlanar: isPlanar)
        guard rowBytes >= unpacker.bytes(columns: min(blockWidth, width)),
            Int(clamping: header.block_bytes) / rowBytes >= min(blockHeight, height)
        else { throw .damaged("TIFF", "its blocks have another size than its pixels") }
        if layout == .channels(format, isWide: false, isPremultiplied: false), samples == channels, !header.is_tiled,
            rowBytes == width * channels
        {
            return try readStrips(reader, rowBytes: rowBytes, to: pixels)
        }
        var block = [UInt8](repeating: 0, count: Int(clamping: header.block_bytes))
        for plane in 0..<(isPlanar ? channels : 1) {
            for y in stride(from: 0, to: height, by: blockHeight) {
                for x in stride(from: 0, to: width, by: blockWidth) {
                    try block.withUnsafeMutableBufferPointer { (block) throws(CLIPError) in
                        try reader.readBlock(x: x, y: y, plane: plane, into: block)
                        for row in 0..<min(blockHeight, height - y) {
                            let part = UnsafeBufferPointer(rebasing: block[(row * rowBytes)...].prefix(rowBytes))
                            let columns = min(blockWidth, width - x)
                            unpacker.unpack(part, columns, to: pixels, at: (y + row) * width + x, plane: plane)
                        }
                    }
                }
            }
        }
        if isPlanar { unpacker.finishPlanes(pixels) }
    }

    /// Reads strips that are stored as the pixels are.
    private func readStrips(
        _ reader: TIFFReader,
        rowBytes: Int,
        to pixels: UnsafeMutableBufferPointer<UInt8>
    ) throws(CLIPError) {
        // libjpeg may leave out rows of a damaged strip; other compressions are complete or fail.
        if [6, 7].contains(header.compression) { pixels.update(repeating: 0) }
        for y in stride(from: 0, to: height, by: Int(header.block_height)) {
            let bytes = min(Int(header.block_height), height - y) * rowBytes
            let strip = UnsafeMutableBufferPointer(rebasing: pixels[(y * rowBytes)...].prefix(bytes))
            try reader.readBlock(x: 0, y: y, plane: 0, into: strip)
        }
    }
}

extension PixelImage.Format {
    /// The number of channels with one byte each, or 1.
    fileprivate var channels: Int { self == .gray16 ? 1 : bytesPerPixel }
}
