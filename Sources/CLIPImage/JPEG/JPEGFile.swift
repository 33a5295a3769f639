internal import CJPEG
internal import CLIPCore

/// A JPEG file, parsed up to the first scan.
struct JPEGFile: ImageFile {
    private static let maxScans = Int(CJPEG_MAXIMUM_SCANS)

    private(set) var width = 0
    private(set) var height = 0
    private var metadata = EmbeddedMetadata()
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
            case 0xE1:
                metadata.add(jpegSegment: segment.content)
            case JPEGMarkers.startOfScan where width > 0:
                if segment.content.first != UInt8(sampling.count) { hasSeveralScans = true }
                scanStart = markers.position
                return
            case JPEGMarkers.startOfScan:
                throw .damaged("JPEG", "its image data has no header")
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

    /// All pixels in each scan.
    func work() -> DecodingWork {
        let once = DecodingWork(pixels: width, height)
        // The decoder itself refuses more scans than that.
        guard hasSeveralScans, (once * Self.maxScans).isTooMuch else { return once }
        var markers = JPEGMarkers(data[scanStart...])
        var scans = 1
        while let segment = markers.next() {
            if segment.marker == JPEGMarkers.startOfScan { scans += 1 }
        }
        return once * min(scans, Self.maxScans)
    }

    var orientation: EXIFOrientation { EXIFOrientation(metadata) }

    func decode(into image: inout PixelImage, allowTruncated: Bool) throws(CLIPError) {
        let cut = allowTruncated ? beforeCut : nil
        if let cut, cut.endIndex <= scanStart { throw truncated }
        let part = cut ?? data[...]
        var report = cjpeg_report()
        try image.replace(width: width, height: height, format: format) { (pixels, _) throws(CLIPError) in
            try decode(part, endsEarly: cut != nil, to: pixels, &report)
            guard format == .cmyk else { return }
            for index in pixels.indices { pixels[index] = ~pixels[index] }
        }
        if cut != nil {
            image.damage = "the file ends within its image data"
        } else if let warning = report.text {
            image.damage = warning
        } else if report.has_end == 0 {
            image.damage = "the marker for the end of the image is missing"
        }
    }

    private func decode(
        _ part: ArraySlice<UInt8>,
        endsEarly: Bool,
        to pixels: UnsafeMutableBufferPointer<UInt8>,
        _ report: inout cjpeg_report
    ) throws(CLIPError) {
        // TurboJPEG does not say where a file is damaged, or whether it ends before its last row.
        if !endsEarly,
            try JPEGDecompressor().decompress(part, width: width, height: height, format: format, into: pixels)
        {
            report.has_end = 1
            return
        }
        let status = part.withUnsafeBufferPointer { part in
            guard let start = part.baseAddress, let target = pixels.baseAddress else { return CJPEG_TRUNCATED }
            let (width, height, channels) = (UInt32(width), UInt32(height), Int32(format.bytesPerPixel))
            return cjpeg_decode(start, part.count, width, height, channels, endsEarly ? 1 : 0, target, &report)
        }
        switch status {
        case CJPEG_OK:
            break
        case CJPEG_TRUNCATED:
            throw truncated
        default:
            throw .damaged("JPEG", report.text ?? "it cannot be decoded")
        }
    }

    private var truncated: CLIPError {
        CLIPError(
            .corruptData,
            "The JPEG file is truncated: its image data ends too early (\(data.count) bytes)."
        )
    }

    /// The file up to its last complete segment and the following entropy-coded data, if it has no end-of-image marker.
    private var beforeCut: ArraySlice<UInt8>? {
        var markers = JPEGMarkers(data[scanStart...])
        while let segment = markers.next() {
            if segment.marker == JPEGMarkers.endOfImage { return nil }
        }
        return data[..<(markers.incompleteSegment ?? data.endIndex)]
    }
}

extension cjpeg_report {
    /// What libjpeg says, if anything.
    fileprivate var text: String? {
        guard message.0 != 0 else { return nil }
        return withUnsafeBytes(of: message, String.init(cMessage:))
    }
}
