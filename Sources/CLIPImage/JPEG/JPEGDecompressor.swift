internal import CLIPCore
internal import CTurboJPEG

/// A TurboJPEG handle for decompression.
///
/// The settings are those of Pillow: the accurate integer DCT and smooth ("fancy") chroma upsampling.
struct JPEGDecompressor: ~Copyable {
    private let handle: tjhandle

    init() throws(CLIPError) {
        guard let handle = tjInitDecompress() else {
            throw CLIPError(.limitExceeded, "The JPEG decoder cannot start: there is not enough memory.")
        }
        self.handle = handle
    }

    deinit {
        tjDestroy(handle)
    }

    /// Decodes a file to rows without padding.
    ///
    /// - Returns: Whether the file is complete and undamaged; otherwise the pixels are unspecified.
    /// - Precondition: `pixels` has `width × height × format.bytesPerPixel` bytes.
    func decompress(
        _ data: ArraySlice<UInt8>,
        width: Int,
        height: Int,
        format: PixelImage.Format,
        into pixels: UnsafeMutableBufferPointer<UInt8>
    ) -> Bool {
        precondition(pixels.count >= width * height * format.bytesPerPixel, "the buffer must hold all pixels")
        let layout =
            switch format {
            case .gray: TJPF_GRAY
            case .cmyk: TJPF_CMYK
            default: TJPF_RGB
            }
        return data.withUnsafeBufferPointer { data in
            tjDecompress2(
                handle,
                data.baseAddress,
                UInt(data.count),
                pixels.baseAddress,
                Int32(width),
                Int32(width * format.bytesPerPixel),
                Int32(height),
                Int32(layout.rawValue),
                // Hundreds of scans in one image indicate an attack, not a photo.
                TJFLAG_ACCURATEDCT | TJFLAG_LIMITSCANS
            ) == 0
        }
    }
}
