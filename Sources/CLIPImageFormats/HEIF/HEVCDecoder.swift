internal import CLIPCore
internal import CLIPImage
internal import CLibDE265

/// Decodes one HEVC image with libde265, on the calling thread.
struct HEVCDecoder {
    let configuration: HEVCConfiguration
    let width: Int
    let height: Int

    /// Decodes units of image data, each after its length.
    func decode(_ data: ArraySlice<UInt8>) throws(CLIPError) -> ColorPlanes {
        guard let context = de265_new_decoder() else { throw damage("libde265 does not start") }
        defer { de265_free_decoder(context) }
        var rules = FrameRules(width: Int32(clamping: width), height: Int32(clamping: height))
        var allocation = FrameRules.allocation
        return try withUnsafeMutablePointer(to: &rules) { (rules) throws(CLIPError) in
            de265_set_image_allocation_functions(context, &allocation, rules)
            for unit in try configuration.units(of: data) { push(unit, context) }
            de265_flush_data(context)
            var hasMore: Int32 = 0
            repeat {
                guard de265_decode(context, &hasMore) == DE265_OK else { break }
                if let frame = de265_get_next_picture(context) {
                    var planes = try planes(of: frame)
                    planes.damage = Self.warning(context)
                    return planes
                }
            } while hasMore != 0
            let reason = rules.pointee.hasWrongSize ? "has another size" : "cannot be decoded"
            throw damage("its image data \(reason)")
        }
    }

    /// Warnings that say nothing about the image.
    private static let harmless = [
        DE265_WARNING_NO_WPP_CANNOT_USE_MULTITHREADING, DE265_WARNING_NUMBER_OF_THREADS_LIMITED_TO_MAXIMUM,
        DE265_WARNING_SPS_MISSING_CANNOT_DECODE_SEI,
    ]

    /// The first of libde265's warnings about the image.
    private static func warning(_ context: UnsafeMutableRawPointer) -> String? {
        while true {
            let warning = de265_get_warning(context)
            if warning == DE265_OK { return nil }
            if harmless.contains(warning) { continue }
            return "libde265 says \"\(String(cString: de265_get_error_text(warning)))\""
        }
    }

    private func push(_ unit: ArraySlice<UInt8>, _ context: UnsafeMutableRawPointer) {
        _ = unit.withUnsafeBytes { de265_push_NAL(context, $0.baseAddress, Int32(clamping: $0.count), 0, nil) }
    }

    private func planes(of frame: OpaquePointer) throws(CLIPError) -> ColorPlanes {
        let chroma = Int(de265_get_chroma_format(frame).rawValue)
        var planes = ColorPlanes(width: width, height: height, depth: configuration.depth, chroma: chroma)
        guard chroma == configuration.chroma else { throw damage("its image data has another layout") }
        planes.color = HEIFColor(
            primaries: Int(de265_get_image_colour_primaries(frame)),
            matrix: Int(de265_get_image_matrix_coefficients(frame)),
            isFullRange: de265_get_image_full_range_flag(frame) != 0
        )
        for plane in planes.planes.indices {
            let size = planes.size(of: plane)
            var stride: Int32 = 0
            guard Int(de265_get_bits_per_pixel(frame, Int32(plane))) == configuration.depth,
                Int(de265_get_image_width(frame, Int32(plane))) == size.width,
                Int(de265_get_image_height(frame, Int32(plane))) == size.height,
                let rows = de265_get_image_plane(frame, Int32(plane), &stride)
            else { throw damage("its image data has another size") }
            planes.paste(
                rows,
                stride: Int(stride),
                width: size.width,
                height: size.height,
                into: plane,
                x: 0,
                y: 0
            )
        }
        return planes
    }

    private func damage(_ what: String) -> CLIPError {
        CLIPError(.corruptData, "The HEIC file is truncated or damaged: \(what).")
    }
}

/// Which frames may take memory: those of the size that the file's header says, in small number.
private struct FrameRules {
    let width: Int32
    let height: Int32
    var hasWrongSize = false
    private var frames = 0

    init(width: Int32, height: Int32) {
        self.width = width
        self.height = height
    }

    private mutating func allows(_ frame: de265_image_spec) -> Bool {
        // Frames have whole blocks of at most 64 × 64, and are cropped to their size.
        let isRight =
            frame.visible_width == width && frame.visible_height == height
            && min(frame.crop_left, frame.crop_top, frame.crop_right, frame.crop_bottom) >= 0
            && 0..<64 ~= frame.width &- width && 0..<64 ~= frame.height &- height
        guard isRight else {
            hasWrongSize = true
            return false
        }
        frames += 1
        return frames <= 2
    }

    static var allocation: de265_image_allocation {
        de265_image_allocation(
            get_buffer: { context, frame, image, rules in
                guard let frame, let rules = rules?.assumingMemoryBound(to: FrameRules.self),
                    rules.pointee.allows(frame.pointee)
                else { return 0 }
                return de265_get_default_image_allocation_functions().pointee.get_buffer(context, frame, image, nil)
            },
            release_buffer: { context, image, _ in
                de265_get_default_image_allocation_functions().pointee.release_buffer(context, image, nil)
            }
        )
    }
}
