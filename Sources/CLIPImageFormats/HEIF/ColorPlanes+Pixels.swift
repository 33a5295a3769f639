internal import CLIPCore
internal import CYUV

extension ColorPlanes {
    /// The planes for C; they are valid as long as `body` runs.
    private func withImage<Result>(_ alpha: ColorPlanes?, _ body: (inout cyuv_image) -> Result) -> Result {
        let (chroma, bytes) = (size(of: 1).width, bytesPerSample)
        return planes[0].withUnsafeBytes { luma in
            planes[isMonochrome ? 0 : 1].withUnsafeBytes { u in
                planes[isMonochrome ? 0 : 2].withUnsafeBytes { v in
                    (alpha ?? self).planes[0].withUnsafeBytes { opacity in
                        guard let start = luma.baseAddress else { preconditionFailure("an image has pixels") }
                        var image = cyuv_image(
                            y: start,
                            u: isMonochrome ? nil : u.baseAddress,
                            v: isMonochrome ? nil : v.baseAddress,
                            a: alpha == nil ? nil : opacity.baseAddress,
                            y_stride: width * bytes,
                            uv_stride: chroma * bytes,
                            a_stride: width * (alpha?.bytesPerSample ?? 1),
                            width: UInt32(width),
                            height: UInt32(height),
                            depth: Int32(depth),
                            a_depth: Int32(alpha?.depth ?? 8),
                            shift_x: Int32(shiftX),
                            shift_y: Int32(shiftY),
                            full_range: color.isFullRange
                        )
                        return body(&image)
                    }
                }
            }
        }
    }

    /// Chroma at the resolution of luma.
    mutating func interpolateChroma() {
        let full = planes.dropFirst().map { plane in
            var target = [UInt8](repeating: 0, count: width * height * bytesPerSample)
            target.withUnsafeMutableBytes { target in
                plane.withUnsafeBytes { source in
                    guard let from = source.baseAddress, let to = target.baseAddress else { return }
                    withImage(nil) { cyuv_upsample_as_libheif(from, &$0, to) }
                }
            }
            return target
        }
        setChroma(full)
    }

    /// Writes RGB, or RGBA with the luma of `alpha`, which has the same size.
    func convert(with alpha: ColorPlanes?, to pixels: UnsafeMutableBufferPointer<UInt8>) {
        guard let start = pixels.baseAddress else { return }
        withImage(alpha) { cyuv_convert_as_libheif(&$0, color.model, color.weights, start) }
    }

    /// Writes luma with 8 bits, or 16, little-endian.
    func copyLuma(to pixels: UnsafeMutableBufferPointer<UInt8>) {
        if depth <= 8 {
            _ = pixels.update(fromContentsOf: planes[0])
            return
        }
        for index in 0..<width * height {
            let value = (Int(planes[0][2 * index]) | Int(planes[0][2 * index + 1]) << 8) << (16 - depth)
            pixels[2 * index] = UInt8(truncatingIfNeeded: value)
            pixels[2 * index + 1] = UInt8(truncatingIfNeeded: value >> 8)
        }
    }
}
