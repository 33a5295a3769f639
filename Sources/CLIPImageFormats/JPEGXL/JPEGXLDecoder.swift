internal import CLIPCore
internal import CLIPImage
internal import CLibJXL

/// A libjxl decoder that reads a whole file, on the calling thread.
struct JPEGXLDecoder {
    let handle: OpaquePointer
    private let data: [UInt8]

    /// Opens a file.
    ///
    /// - Parameters:
    ///   - data: The file.
    ///   - events: What to stop at.
    ///   - body: Uses the decoder, which is valid as long as this runs.
    /// - Returns: What `body` returns.
    /// - Throws: What `body` throws.
    static func with<Result>(
        _ data: [UInt8],
        events: JxlDecoderStatus...,
        body: (JPEGXLDecoder) throws(CLIPError) -> Result
    ) throws(CLIPError) -> Result {
        guard let handle = JxlDecoderCreate(nil) else {
            throw CLIPError(.corruptData, "The JPEG XL file cannot be decoded: libjxl does not start.")
        }
        defer { JxlDecoderDestroy(handle) }
        JxlDecoderSubscribeEvents(handle, events.reduce(0) { $0 | Int32(bitPattern: $1.rawValue) })
        JxlDecoderSetKeepOrientation(handle, JXL_TRUE)
        return try data.withUnsafeBufferPointer { (file) throws(CLIPError) in
            JxlDecoderSetInput(handle, file.baseAddress, file.count)
            // Without closing the input, at whose end libjxl would print a message.
            return try body(JPEGXLDecoder(handle: handle, data: data))
        }
    }

    /// Decodes up to the next event.
    ///
    /// - Throws: `CLIPError` with code `corruptData` where the file ends or is damaged before that.
    func next() throws(CLIPError) -> JxlDecoderStatus {
        let status = JxlDecoderProcessInput(handle)
        switch status {
        case JXL_DEC_NEED_MORE_INPUT, JXL_DEC_SUCCESS:
            throw .truncated("JPEG XL", data)
        case JXL_DEC_ERROR:
            throw .damaged("JPEG XL", "its image data cannot be decoded")
        default:
            return status
        }
    }

    func basicInfo() throws(CLIPError) -> JxlBasicInfo {
        var info = JxlBasicInfo()
        guard try next() == JXL_DEC_BASIC_INFO, JxlDecoderGetBasicInfo(handle, &info) == JXL_DEC_SUCCESS else {
            throw .damaged("JPEG XL", "it has no header")
        }
        return info
    }
}
