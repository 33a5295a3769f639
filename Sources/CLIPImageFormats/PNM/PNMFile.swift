internal import CLIPCore
internal import CLIPImage

/// A PBM, PGM, PPM or PFM file, plain or raw.
struct PNMFile: ImageFile {
    private let header: PNMHeader
    private let data: [UInt8]

    /// Reads the header.
    init(_ data: [UInt8]) throws(CLIPError) {
        header = try PNMHeader(data)
        self.data = data
    }

    var width: Int { header.width }
    var height: Int { header.height }
    var format: PixelImage.Format { header.format }

    func decode(into image: inout PixelImage, allowTruncated: Bool) throws(CLIPError) {
        let isTruncated = !header.isPlain && rows < height
        guard !isTruncated || allowTruncated && mayBeTruncated && rows > 0 else { throw .truncated("PNM", data) }
        try image.replace(width: width, height: height, format: format) { (pixels, _) throws(CLIPError) in
            if header.isPlain {
                try readPlain(to: pixels)
            } else {
                if isTruncated { pixels.update(repeating: 0) }
                readRaw(to: pixels)
            }
        }
        if isTruncated { image.markTruncated() }
    }

    /// The number of complete rows of raw values.
    private var rows: Int { min(height, max(0, data.count - header.start) / rowBytes) }

    private var rowBytes: Int {
        switch header.kind {
        case .bitmap: (width + 7) / 8
        case .floats: 4 * width
        case .graymap, .pixmap: width * valuesPerPixel * (header.maximum > 255 ? 2 : 1)
        }
    }

    /// Whether Pillow reads some of the rows.
    private var mayBeTruncated: Bool {
        switch header.kind {
        case .bitmap, .floats: true
        case .graymap: [255, 65_535].contains(header.maximum)
        case .pixmap: header.maximum == 255
        }
    }

    private var valuesPerPixel: Int { format == .rgb ? 3 : 1 }

    private func readPlain(to pixels: UnsafeMutableBufferPointer<UInt8>) throws(CLIPError) {
        var tokens = PNMTokens(data, from: header.start)
        func failure() -> CLIPError {
            tokens.position == data.count
                ? .truncated("PNM", data) : .damaged("PNM", "it has something else where a value belongs")
        }
        if case .bitmap = header.kind {
            for index in pixels.indices {
                guard let isBlack = tokens.bit() else { throw failure() }
                pixels[index] = isBlack ? 0 : 255
            }
            return
        }
        let scale = PNMScale(maximum: header.maximum, format: format)
        for index in 0..<width * height * valuesPerPixel {
            guard let value = tokens.number() else { throw failure() }
            guard value <= header.maximum else {
                throw .damaged("PNM", "it has the value \(value), above its maximum of \(header.maximum)")
            }
            scale.store(value, at: index, in: pixels)
        }
    }

    private func readRaw(to pixels: UnsafeMutableBufferPointer<UInt8>) {
        let rowValues = width * valuesPerPixel
        let rowBytes = rowBytes
        let scale = PNMScale(maximum: header.maximum, format: format)
        data.withUnsafeBytes { file in
            for y in 0..<rows {
                let row = UnsafeRawBufferPointer(rebasing: file[(header.start + y * rowBytes)...].prefix(rowBytes))
                let first = y * rowValues
                switch header.kind {
                case .bitmap:
                    for x in 0..<width { pixels[first &+ x] = row[x / 8] << UInt8(x % 8) & 0x80 == 0 ? 255 : 0 }
                case .floats(let isBigEndian):
                    // The bottom row comes first.
                    for x in 0..<width {
                        let bits = row.loadUnaligned(fromByteOffset: 4 &* x, as: UInt32.self)
                        let value = isBigEndian ? UInt32(bigEndian: bits) : UInt32(littleEndian: bits)
                        Gray16.store(Float(bitPattern: value), at: (height - 1 - y) * width + x, in: pixels)
                    }
                case .graymap where header.maximum == 255, .pixmap where header.maximum == 255:
                    UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(pixels)[first...])
                        .copyMemory(from: row)
                case .graymap, .pixmap:
                    for index in 0..<rowValues {
                        let value =
                            header.maximum > 255
                            ? Int(row[2 &* index]) << 8 | Int(row[2 &* index &+ 1]) : Int(row[index])
                        scale.store(value, at: first &+ index, in: pixels)
                    }
                }
            }
        }
    }
}
