internal import CLIPCore
internal import CTurboJPEG

/// A TurboJPEG handle for compression.
final class JPEGCompressor {
    private let handle: tjhandle

    init() throws(CLIPError) {
        guard let handle = tjInitCompress() else {
            throw CLIPError(.limitExceeded, "The JPEG encoder cannot start: there is not enough memory.")
        }
        self.handle = handle
    }

    deinit {
        tjDestroy(handle)
    }

    /// Compresses an image to a baseline JPEG file with chroma at half resolution.
    ///
    /// - Parameters:
    ///   - pixels: `height × width × 3` bytes, RGB, in row-major order.
    ///   - width: The number of columns, at most 65,535.
    ///   - height: The number of rows, at most 65,535.
    ///   - quality: From 1 to 100.
    /// - Returns: The file.
    /// - Throws: `CLIPError` with code `limitExceeded` if a side is longer, or memory runs out.
    /// - Precondition: `pixels` has `height × width × 3` bytes.
    func compress(_ pixels: [UInt8], width: Int, height: Int, quality: Int) throws(CLIPError) -> [UInt8] {
        precondition(pixels.count == width * height * 3, "there must be three bytes per pixel")
        precondition(1...100 ~= quality, "the quality must be from 1 to 100")
        guard width <= 65_535, height <= 65_535 else {
            throw CLIPError(.limitExceeded, "An image of \(width) × \(height) pixels is too large for a JPEG file.")
        }
        let sampling = Int32(TJSAMP_420.rawValue)
        let room = tjBufSize(Int32(width), Int32(height), sampling)
        var size = room
        var status: Int32 = 0
        let file = [UInt8](unsafeUninitializedCapacity: Int(room)) { buffer, count in
            var target = buffer.baseAddress
            status = tjCompress2(
                handle,
                pixels,
                Int32(width),
                0,
                Int32(height),
                Int32(TJPF_RGB.rawValue),
                &target,
                &size,
                sampling,
                Int32(quality),
                // The buffer belongs to this array, so TurboJPEG must not reallocate it.
                TJFLAG_NOREALLOC
            )
            count = status == 0 ? Int(size) : 0
        }
        guard status == 0 else {
            throw CLIPError(.limitExceeded, "The JPEG encoder failed: \(String(cString: tjGetErrorStr2(handle))).")
        }
        return file
    }
}
