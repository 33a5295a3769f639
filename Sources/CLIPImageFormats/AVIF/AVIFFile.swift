internal import CLIPCore
internal import CLIPImage
internal import CLibAVIF

/// An AVIF file, decoded with libavif; for a sequence, the first image.
struct AVIFFile: ImageFile {
    let width: Int
    let height: Int
    let format: PixelImage.Format
    let orientation: EXIFOrientation
    private let depth: Int
    private let layout: avifPixelFormat
    private let data: [UInt8]

    /// Reads the header.
    init(_ data: [UInt8]) throws(CLIPError) {
        self.data = data
        let (image, hasAlpha, orientation) = try AVIFDecoder.with(data) { ($0.image, $0.hasAlpha, $0.orientation) }
        guard image.width > 0, image.height > 0 else { throw .damaged("AVIF", "its image has no size") }
        guard [8, 10, 12].contains(image.depth) else {
            throw .unsupported("AVIF", "\(image.depth) bits per channel")
        }
        (width, height) = (Int(image.width), Int(image.height))
        depth = Int(image.depth)
        layout = image.yuvFormat
        format = hasAlpha ? .rgba : layout == AVIF_PIXEL_FORMAT_YUV400 ? .gray : .rgb
        self.orientation = orientation
    }

    /// The planes, twice for images that are composed or have grain, and what dav1d takes for a frame's blocks.
    func codecMemory() -> DecodingMemory {
        let samples =
            switch layout {
            case AVIF_PIXEL_FORMAT_YUV400: 2
            case AVIF_PIXEL_FORMAT_YUV420: 3
            case AVIF_PIXEL_FORMAT_YUV422: 4
            default: 6
            }
        let planes = samples + (format == .rgba ? 4 : 0)
        return DecodingMemory(pixels: width, height, bytesPerPixel: planes * (depth > 8 ? 2 : 1) + 2)
            + DecodingMemory(bytes: 512) * (width + height) + DecodingMemory(bytes: 4 << 20)
    }

    func decode(into image: inout PixelImage, allowTruncated: Bool) throws(CLIPError) {
        // Tiles may be larger than a small image.
        let maxPixels = (width + 64) * (height + 64)
        try AVIFDecoder.with(data, maxPixels: maxPixels) { (decoder) throws(CLIPError) in
            try decoder.decode()
            let picture = decoder.image
            guard Int(picture.width) == width, Int(picture.height) == height, Int(picture.depth) == depth,
                picture.yuvFormat == layout, (format == .rgba) == (picture.alphaPlane != nil)
            else { throw .damaged("AVIF", "its image data does not fit its header") }
            try image.replace(width: width, height: height, format: format) { (pixels, _) throws(CLIPError) in
                try AVIFPixels(picture).convert(to: pixels)
            }
        }
    }
}
