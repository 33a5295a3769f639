internal import CLIPCore
internal import CLIPImage
internal import CLibJXL

/// What a JPEG XL file says of itself before its pixels.
struct JPEGXLHeader {
    let info: JxlBasicInfo
    /// The size of the largest layer, or of the image if that is larger.
    let largestLayer: (width: Int, height: Int)
    /// That of all layers.
    let work: DecodingWork
    /// Whether the file holds a JPEG file, without loss.
    let holdsJPEG: Bool
    let orientation: EXIFOrientation
    /// That of the codestream, unless it stands for a JPEG file, whose EXIF data is metadata.
    let inherentOrientation: EXIFOrientation

    init(_ data: [UInt8]) throws(CLIPError) {
        let boxes = data.starts(with: [0xFF, 0x0A]) ? [] : Array(MediaBox.all(in: data[...]))
        holdsJPEG = boxes.contains { $0.type == "jbrd" }
        (info, largestLayer, work) = try Self.read(data)
        let stored = EXIFOrientation(rawValue: Int(info.orientation.rawValue)) ?? .upright
        // EXIF data repeats an orientation that the image has itself.
        orientation = stored != .upright ? stored : Self.exifOrientation(boxes)
        inherentOrientation = holdsJPEG ? .upright : stored
    }

    private static func exifOrientation(_ boxes: [MediaBox]) -> EXIFOrientation {
        guard let exif = boxes.first(where: { $0.type == "Exif" })?.content else { return .upright }
        // An offset comes first.
        let tiff = exif.dropFirst(4)
        let hasOffset = exif.count > 8 && ["II*\0", "MM\0*"].contains { tiff.starts(with: $0.utf8) }
        return EXIFOrientation(exif: hasOffset ? tiff : exif)
    }

    /// A pixel takes libjxl as long as four take other codecs.
    private static let workOfPixel = 4

    /// Reads the headers of all layers of the first image, without taking memory for them.
    private static func read(
        _ data: [UInt8]
    ) throws(CLIPError) -> (JxlBasicInfo, largest: (width: Int, height: Int), DecodingWork) {
        try JPEGXLDecoder.with(data, events: JXL_DEC_BASIC_INFO, JXL_DEC_FRAME) { (decoder) throws(CLIPError) in
            JxlDecoderSetCoalescing(decoder.handle, JXL_FALSE)
            let info = try decoder.basicInfo()
            guard info.xsize > 0, info.ysize > 0 else { throw .damaged("JPEG XL", "its image has no size") }
            var largest = (width: Int(info.xsize), height: Int(info.ysize))
            var work = DecodingWork(bytes: 0)
            while try decoder.next() == JXL_DEC_FRAME {
                var frame = JxlFrameHeader()
                guard JxlDecoderGetFrameHeader(decoder.handle, &frame) == JXL_DEC_SUCCESS else { break }
                let layer = (width: Int(frame.layer_info.xsize), height: Int(frame.layer_info.ysize))
                let pixels = DecodingWork(pixels: layer.width, layer.height)
                if pixels > DecodingWork(pixels: largest.width, largest.height) { largest = layer }
                work = work + pixels * workOfPixel
                try work.check()
                if frame.is_last == JXL_TRUE || frame.duration > 0 { break }
            }
            return (info, largest, work)
        }
    }
}
