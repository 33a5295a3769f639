internal import CResample

/// Resizes images with one 16-bit channel exactly as Pillow's `Image.resize` does for mode `I;16`.
///
/// Like ``Resampler``, but with sums in 64-bit floats and each pass rounded to 16 bits.
struct SixteenBitResampler {
    let interpolation: PreprocessingSpec.Interpolation
    let geometry: ResizeGeometry

    /// Computes the window of the resized image.
    func resample(_ image: PixelPlane, into window: inout PixelPlane, using scratch: inout ResamplingScratch) {
        scratch.prepare(width: image.width, height: image.height, geometry, interpolation)
        if geometry.resamplesHeightFirst(width: image.width, height: image.height) {
            Self.resampleColumns(of: image, scratch.vertical, into: &scratch.intermediate)
            Self.resampleRows(of: scratch.intermediate, scratch.horizontal, into: &window)
        } else {
            Self.resampleRows(of: image, scratch.horizontal, into: &scratch.intermediate)
            Self.resampleColumns(of: scratch.intermediate, scratch.vertical, into: &window)
        }
    }

    private static func resampleRows(of image: PixelPlane, _ weights: ResamplingWeights, into result: inout PixelPlane)
    {
        result.reshape(width: weights.spans.count, height: image.height, bytesPerPixel: 2)
        for y in 0..<image.height {
            for (x, span) in weights.spans.enumerated() {
                let value = mean(image.bytes, span, weights.weights, start: y * image.width, step: 1)
                result.setValue(value, at: y * result.width + x)
            }
        }
    }

    private static func resampleColumns(
        of image: PixelPlane,
        _ weights: ResamplingWeights,
        into result: inout PixelPlane
    ) {
        result.reshape(width: image.width, height: weights.spans.count, bytesPerPixel: 2)
        for (y, span) in weights.spans.enumerated() {
            for x in 0..<image.width {
                let value = mean(image.bytes, span, weights.weights, start: x, step: image.width)
                result.setValue(value, at: y * result.width + x)
            }
        }
    }

    /// The weighted mean of values spaced `step` pixels apart.
    private static func mean(
        _ bytes: [UInt8],
        _ span: cresample_span,
        _ weights: [Double],
        start: Int,
        step: Int
    ) -> UInt16 {
        var sum = 0.0
        for index in 0..<span.count {
            let offset = 2 * (start + (span.start + index) * step)
            let value = UInt16(bytes[offset]) | UInt16(bytes[offset + 1]) << 8
            sum += Double(value) * weights[span.first_weight + index]
        }
        return UInt16(min(max(sum + 0.5, 0), 65535))
    }
}

extension PixelPlane {
    /// Stores the 16-bit value of a pixel, little-endian.
    fileprivate mutating func setValue(_ value: UInt16, at pixel: Int) {
        bytes[2 * pixel] = UInt8(truncatingIfNeeded: value)
        bytes[2 * pixel + 1] = UInt8(truncatingIfNeeded: value >> 8)
    }
}
