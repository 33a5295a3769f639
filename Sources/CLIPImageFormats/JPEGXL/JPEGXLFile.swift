internal import CLIPCore
internal import CLIPImage
internal import CLibJXL

/// A JPEG XL file, decoded with libjxl; for an animation, the first image.
struct JPEGXLFile: ImageFile {
    private let data: [UInt8]
    private let header: JPEGXLHeader

    /// Reads the header.
    init(_ data: [UInt8]) throws(CLIPError) {
        self.data = data
        header = try JPEGXLHeader(data)
        guard [1, 3].contains(header.info.num_color_channels) else {
            throw .unsupported("JPEG XL", "\(header.info.num_color_channels) colour channels")
        }
    }

    var width: Int { Int(header.info.xsize) }
    var height: Int { Int(header.info.ysize) }
    var decodedSize: (width: Int, height: Int) { header.largestLayer }
    var orientation: EXIFOrientation { header.orientation }
    var inherentOrientation: EXIFOrientation { header.inherentOrientation }

    var format: PixelImage.Format {
        let isGray = header.info.num_color_channels == 1
        let hasAlpha = header.info.alpha_bits > 0 && !header.holdsJPEG
        let isDeep = header.info.bits_per_sample > 8 && header.info.exponent_bits_per_sample == 0
        if isGray, !hasAlpha, isDeep { return .gray16 }
        return isGray ? hasAlpha ? .grayAlpha : .gray : hasAlpha ? .rgba : .rgb
    }

    /// libjxl computes with floats: up to three for each channel of a pixel.
    func codecMemory() -> DecodingMemory {
        let channels = Int(header.info.num_color_channels) + Int(header.info.num_extra_channels)
        let layer = header.largestLayer
        let pixels = DecodingMemory(pixels: layer.width, layer.height, bytesPerPixel: 8 + 12 * channels)
        return pixels + DecodingMemory(bytes: 16 << 20)
            + (header.holdsJPEG ? maxJPEGBytes * 2 : DecodingMemory(bytes: 0))
    }

    func work() -> DecodingWork { header.work }

    func decode(into image: inout PixelImage, allowTruncated: Bool) throws(CLIPError) {
        if header.holdsJPEG, let file = try reconstructedJPEG() {
            try decode(file, into: &image, allowTruncated: allowTruncated)
        } else {
            try image.replace(width: width, height: height, format: format) { (pixels, _) throws(CLIPError) in
                try decode(to: JPEGXLPixels(pixels, header: header, format: format))
            }
        }
    }

    private func decode(to pixels: JPEGXLPixels) throws(CLIPError) {
        var pixels = pixels
        var layout = JxlPixelFormat(
            num_channels: UInt32(pixels.channels),
            data_type: JXL_TYPE_FLOAT,
            endianness: JXL_NATIVE_ENDIAN,
            align: 0
        )
        try withUnsafeMutablePointer(to: &pixels) { (pixels) throws(CLIPError) in
            try JPEGXLDecoder.with(data, events: JXL_DEC_FULL_IMAGE) { (decoder) throws(CLIPError) in
                while true {
                    switch try decoder.next() {
                    case JXL_DEC_NEED_IMAGE_OUT_BUFFER:
                        let status = JxlDecoderSetImageOutCallback(decoder.handle, &layout, JPEGXLPixels.store, pixels)
                        guard status == JXL_DEC_SUCCESS else {
                            throw .damaged("JPEG XL", "its image has no pixels")
                        }
                    case JXL_DEC_FULL_IMAGE: return
                    default: break
                    }
                }
            }
        }
    }
}

/// JPEG files that were stored without loss: their pixels are those of the JPEG decoder.
extension JPEGXLFile {
    /// More than JPEG files of this size have.
    private var maxJPEGBytes: DecodingMemory {
        DecodingMemory(pixels: width, height, bytesPerPixel: 4) + DecodingMemory(bytes: 4 * data.count + 1 << 20)
    }

    /// - Returns: `nil` where the file has lost what the JPEG file had beside its image.
    private func reconstructedJPEG() throws(CLIPError) -> [UInt8]? {
        let events = [JXL_DEC_JPEG_RECONSTRUCTION, JXL_DEC_FULL_IMAGE]
        return try JPEGXLDecoder.with(data, events: events[0], events[1]) { (decoder) throws(CLIPError) in
            guard try decoder.next() == JXL_DEC_JPEG_RECONSTRUCTION else { return nil }
            let file = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: maxJPEGBytes.bytes)
            defer { file.deallocate() }
            JxlDecoderSetJPEGBuffer(decoder.handle, file.baseAddress, file.count)
            guard try decoder.next() == JXL_DEC_FULL_IMAGE else {
                throw .damaged("JPEG XL", "the JPEG file in it is too large")
            }
            return Array(file.dropLast(JxlDecoderReleaseJPEGBuffer(decoder.handle)))
        }
    }

    private func decode(_ file: [UInt8], into image: inout PixelImage, allowTruncated: Bool) throws(CLIPError) {
        let jpeg: any ImageFile
        do {
            jpeg = try ImageFormat.jpeg.open(file)
        } catch {
            throw error as? CLIPError ?? .damaged("JPEG XL", "the JPEG file in it cannot be read")
        }
        guard jpeg.width == width, jpeg.height == height, try jpeg.format == format else {
            throw .damaged("JPEG XL", "the JPEG file in it has another size")
        }
        try jpeg.work().check()
        try jpeg.decode(into: &image, allowTruncated: allowTruncated)
    }
}
