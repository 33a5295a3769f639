internal import CLIPCore
internal import CLIPImage
internal import CLibAVIF

/// A libavif decoder with a file whose header it has read.
///
/// It decodes on the calling thread.
struct AVIFDecoder {
    private let handle: UnsafeMutablePointer<avifDecoder>

    /// Reads a file's header.
    ///
    /// - Parameters:
    ///   - data: The file.
    ///   - maxPixels: The most pixels of a frame, or `nil` for libavif's own limit.
    ///   - body: Uses the decoder, which is valid as long as this runs.
    /// - Returns: What `body` returns.
    /// - Throws: `CLIPError` with code `corruptData` if the header cannot be read, and what `body` throws.
    static func with<Result>(
        _ data: [UInt8],
        maxPixels: Int? = nil,
        _ body: (AVIFDecoder) throws(CLIPError) -> Result
    ) throws(CLIPError) -> Result {
        guard let handle = avifDecoderCreate() else {
            throw CLIPError(.corruptData, "The AVIF file cannot be decoded: libavif does not start.")
        }
        defer { avifDecoderDestroy(handle) }
        handle.pointee.maxThreads = 1
        // As Pillow: an aperture is not used, and old encoders left out the bits of a pixel.
        handle.pointee.strictFlags &= ~(AVIF_STRICT_CLAP_VALID.rawValue | AVIF_STRICT_PIXI_REQUIRED.rawValue)
        if let maxPixels {
            handle.pointee.imageSizeLimit = min(handle.pointee.imageSizeLimit, UInt32(clamping: maxPixels))
        }
        return try data.withUnsafeBufferPointer { (file) throws(CLIPError) in
            avifDecoderSetIOMemory(handle, file.baseAddress, file.count)
            let decoder = AVIFDecoder(handle: handle)
            try decoder.check(avifDecoderParse(handle))
            return try body(decoder)
        }
    }

    /// The header, and the planes once the image is decoded.
    var image: avifImage { handle.pointee.image.pointee }
    var hasAlpha: Bool { handle.pointee.alphaPresent != 0 }

    func decode() throws(CLIPError) {
        try check(avifDecoderNextImage(handle))
    }

    private func check(_ result: avifResult) throws(CLIPError) {
        guard result != AVIF_RESULT_OK else { return }
        let reason = String(cString: avifResultToString(result))
        throw CLIPError(.corruptData, "The AVIF file is truncated or damaged: libavif says \"\(reason)\".")
    }

    /// How the file's own properties turn the image.
    ///
    /// EXIF data repeats them; where neither says anything, XMP data counts, as in Pillow.
    var orientation: EXIFOrientation {
        let image = image
        let isMirrored = image.transformFlags & AVIF_TRANSFORM_IMIR.rawValue != 0
        // libavif has given the axis two names.
        let swapsColumns = withUnsafeBytes(of: image.imir) { $0[0] == 1 }
        let quarters = image.transformFlags & AVIF_TRANSFORM_IROT.rawValue != 0 ? Int(image.irot.angle) : 0
        switch (quarters, isMirrored) {
        case (1, true): return swapsColumns ? .transposedUpsideDown : .transposed
        case (1, false): return .turnedRight
        case (2, true): return swapsColumns ? .mirroredUpsideDown : .mirrored
        case (2, false): return .upsideDown
        case (3, true): return swapsColumns ? .transposed : .transposedUpsideDown
        case (3, false): return .turnedLeft
        case (_, true): return swapsColumns ? .mirrored : .mirroredUpsideDown
        default:
            let exif = Self.bytes(image.exif)
            let repeated = EXIFOrientation(exif: exif)
            return repeated == .upright ? EXIFOrientation(exif: exif, xmp: Self.bytes(image.xmp)) : .upright
        }
    }

    private static func bytes(_ data: avifRWData) -> ArraySlice<UInt8> {
        Array(UnsafeBufferPointer(start: data.data, count: data.size))[...]
    }
}
