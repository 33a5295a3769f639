internal import CLIPCore

/// A JPEG file, parsed up to the first scan.
struct JPEGFile: ImageFile {
    private(set) var width = 0
    private(set) var height = 0
    private(set) var orientation = EXIFOrientation.upright
    private(set) var format = PixelImage.Format.rgb
    /// The sampling factors of each channel.
    private var sampling: [(columns: Int, rows: Int)] = []
    /// Whether pixels are available only after all scans, which the decoder must hold until then.
    private var hasSeveralScans = false
    let data: [UInt8]
    /// The start of the first scan's data.
    private var scanStart = 0

    init(_ data: [UInt8]) throws(CLIPError) {
        self.data = data
        var markers = JPEGMarkers(data[2...])
        var hasExif = false
        while let segment = markers.next() {
            switch segment.marker {
            case 0xC0, 0xC1, 0xC2, 0xC9, 0xCA:
                try readFrame(segment.content)
                hasSeveralScans = segment.marker == 0xC2 || segment.marker == 0xCA
            case 0xC3, 0xC5, 0xC6, 0xC7, 0xCB, 0xCD, 0xCE, 0xCF:
                throw CLIPError(
                    .unsupportedFormat,
                    "The JPEG file is lossless or hierarchical, which is not supported. Convert it to a baseline JPEG."
                )
            case 0xE1 where !hasExif && segment.content.starts(with: Array("Exif\0\0".utf8)):
                hasExif = true
                orientation = EXIFOrientation(exif: segment.content)
            case JPEGMarkers.startOfScan where width > 0:
                if segment.content.first != UInt8(sampling.count) { hasSeveralScans = true }
                scanStart = markers.position
                return
            case JPEGMarkers.startOfScan, JPEGMarkers.endOfImage:
                throw CLIPError(.corruptData, "The JPEG file is damaged: it has no image data.")
            default:
                break
            }
        }
        throw CLIPError(.corruptData, "The JPEG file is truncated: it ends within its header.")
    }

    private mutating func readFrame(_ content: ArraySlice<UInt8>) throws(CLIPError) {
        guard
            let precision = content.number(at: 0, bytes: 1, .big),
            let height = content.number(at: 1, bytes: 2, .big), height > 0,
            let width = content.number(at: 3, bytes: 2, .big), width > 0,
            let channels = content.number(at: 5, bytes: 1, .big)
        else {
            throw CLIPError(.corruptData, "The JPEG header is damaged: it has no size.")
        }
        guard precision == 8 else {
            throw CLIPError(
                .unsupportedFormat,
                "The JPEG file has \(precision) bits per channel, which is not supported. Convert it to 8 bits."
            )
        }
        switch channels {
        case 1: format = .gray
        case 3: format = .rgb
        case 4: format = .cmyk
        default:
            throw CLIPError(
                .unsupportedFormat,
                "The JPEG file has \(channels) channels; only 1, 3 and 4 are supported. Convert it to RGB."
            )
        }
        self.width = width
        self.height = height
        sampling = (0..<channels).map { channel in
            // libjpeg rejects factors outside 1 to 4.
            let factors = content.number(at: 7 + 3 * channel, bytes: 1, .big) ?? 0
            return (min(max(factors >> 4, 1), 4), min(max(factors & 15, 1), 4))
        }
    }

    /// Rows of all channels; with several scans, two bytes per coefficient in whole blocks of 8 × 8.
    func codecMemory() -> DecodingMemory {
        let rows = DecodingMemory(bytes: 128) * width
        guard hasSeveralScans else { return rows }
        func blocks(_ length: Int, _ factor: Int, _ densest: Int) -> Int {
            let least = (length * factor - 1) / (8 * densest) + 1
            return (least + factor - 1) / factor * factor
        }
        let columns = sampling.reduce(1) { max($0, $1.columns) }
        let lines = sampling.reduce(1) { max($0, $1.rows) }
        return sampling.reduce(rows) { memory, channel in
            let count = blocks(width, channel.columns, columns) * blocks(height, channel.rows, lines)
            return memory + DecodingMemory(bytes: 128) * count
        }
    }

    func decode(into image: inout PixelImage, _ jpeg: JPEGDecompressor, allowTruncated: Bool) throws(CLIPError) {
        let (part, isComplete) = imageData
        guard isComplete || allowTruncated && part.endIndex > scanStart else { throw truncated }
        try image.replace(width: width, height: height, format: format) { (pixels, _) throws(CLIPError) in
            let outcome = jpeg.decompress(part, width: width, height: height, format: format, into: pixels)
            switch outcome {
            case .clean:
                break
            case .warned(let message):
                // The decoder makes up missing pixels; after other warnings, the pixels are complete.
                guard allowTruncated || !message.contains("remature end") else { throw truncated }
            case .failed(let message):
                throw CLIPError(.corruptData, "The JPEG file is damaged: \(message).")
            }
            guard format == .cmyk else { return }
            for index in pixels.indices { pixels[index] = ~pixels[index] }
        }
    }

    private var truncated: CLIPError {
        CLIPError(
            .corruptData,
            "The JPEG file is truncated: its image data ends too early (\(data.count) bytes)."
        )
    }

    /// The file up to its last complete segment and the following entropy-coded data, and whether the end-of-image
    /// marker, which a truncated file lacks, is present.
    private var imageData: (part: ArraySlice<UInt8>, isComplete: Bool) {
        var markers = JPEGMarkers(data[scanStart...])
        while let segment = markers.next() {
            if segment.marker == JPEGMarkers.endOfImage { return (data[...], true) }
        }
        return (data[..<(markers.incompleteSegment ?? data.endIndex)], false)
    }
}
