internal import CLIPCore
internal import CLIPImage
internal import CLibJXL

/// What a JPEG XL file says of itself before its pixels.
struct JPEGXLHeader {
    let info: JxlBasicInfo
    /// The pixels of the largest layer, or of the image if that is larger.
    let largestLayer: Int
    /// Whether the file holds a JPEG file, without loss.
    let holdsJPEG: Bool
    let orientation: EXIFOrientation

    init(_ data: [UInt8]) throws(CLIPError) {
        let boxes = data.starts(with: [0xFF, 0x0A]) ? [] : Array(MediaBox.all(in: data[...]))
        holdsJPEG = boxes.contains { $0.type == "jbrd" }
        (info, largestLayer) = try Self.read(data)
        let stored = EXIFOrientation(rawValue: Int(info.orientation.rawValue)) ?? .upright
        // EXIF data repeats an orientation that the image has itself.
        orientation = stored != .upright ? stored : Self.exifOrientation(boxes)
    }

    private static func exifOrientation(_ boxes: [MediaBox]) -> EXIFOrientation {
        guard let exif = boxes.first(where: { $0.type == "Exif" })?.content else { return .upright }
        // An offset comes first.
        let tiff = exif.dropFirst(4)
        let hasOffset = exif.count > 8 && ["II*\0", "MM\0*"].contains { tiff.starts(with: $0.utf8) }
        return EXIFOrientation(exif: hasOffset ? tiff : exif)
    }

    /// Reads the headers of all layers of the first image, without taking memory for them.
    private static func read(_ data: [UInt8]) throws(CLIPError) -> (JxlBasicInfo, Int) {
        try JPEGXLDecoder.with(data, events: JXL_DEC_BASIC_INFO, JXL_DEC_FRAME) { (decoder) throws(CLIPError) in
            JxlDecoderSetCoalescing(decoder.handle, JXL_FALSE)
            let info = try decoder.basicInfo()
            let whole = Int(info.xsize).multipliedReportingOverflow(by: Int(info.ysize))
            guard whole.partialValue > 0, !whole.overflow else {
                throw .damaged("JPEG XL", "its image has no size")
            }
            var (largest, sum) = (whole.partialValue, DecodingMemory(bytes: 0))
            while try decoder.next() == JXL_DEC_FRAME {
                var frame = JxlFrameHeader()
                guard JxlDecoderGetFrameHeader(decoder.handle, &frame) == JXL_DEC_SUCCESS else { break }
                let layer = Int(frame.layer_info.xsize) * Int(frame.layer_info.ysize)
                largest = max(largest, layer)
                sum = sum + DecodingMemory(bytes: layer)
                guard sum.bytes / 256 <= whole.partialValue else {
                    throw .damaged("JPEG XL", "its layers have more than 256 times the pixels of its image")
                }
                if frame.is_last == JXL_TRUE || frame.duration > 0 { break }
            }
            return (info, largest)
        }
    }
}
