internal import CResample

/// Resizes images with 8-bit channels exactly as Pillow's `Image.resize` does (`Resample.c`).
///
/// Two passes in fixed-point arithmetic, each rounded to 8 bits. Only the visible window is computed, and only from the
/// input rows that it needs, which gives the same pixels at lower cost.
struct Resampler {
    let interpolation: PreprocessingSpec.Interpolation
    let geometry: ResizeGeometry

    /// Computes the window of the resized image.
    func resample(_ image: PixelPlane, into window: inout PixelPlane, using scratch: inout ResamplingScratch) {
        scratch.prepare(width: image.width, height: image.height, geometry, interpolation)
        if geometry.resamplesHeightFirst(width: image.width, height: image.height) {
            Self.resampleColumns(of: image, firstRow: 0, scratch.vertical, into: &scratch.intermediate)
            let rows = 0..<scratch.intermediate.height
            Self.resampleRows(of: scratch.intermediate, rows: rows, scratch.horizontal, into: &window)
        } else {
            let rows = scratch.vertical.inputRange
            Self.resampleRows(of: image, rows: rows, scratch.horizontal, into: &scratch.intermediate)
            let first = rows.lowerBound
            Self.resampleColumns(of: scratch.intermediate, firstRow: first, scratch.vertical, into: &window)
        }
    }

    /// One pass: resizes each of `rows` to the window's width.
    private static func resampleRows(
        of image: PixelPlane,
        rows: Range<Int>,
        _ weights: ResamplingWeights,
        into result: inout PixelPlane
    ) {
        result.reshape(width: weights.spans.count, height: rows.count, bytesPerPixel: image.bytesPerPixel)
        let bytes = rows.lowerBound * image.rowBytes..<rows.upperBound * image.rowBytes
        image.bytes[bytes].withUnsafeBufferPointer { source in
            result.bytes.withUnsafeMutableBufferPointer { target in
                guard let source = source.baseAddress, let target = target.baseAddress else { return }
                let version = cresample_version_at(0).pointee
                version.rows(
                    source,
                    image.rowBytes,
                    rows.count,
                    image.bytesPerPixel,
                    weights.spans,
                    weights.spans.count,
                    weights.fixed,
                    target
                )
            }
        }
    }

    /// The other pass: each row of the window is a weighted mean of whole rows.
    private static func resampleColumns(
        of image: PixelPlane,
        firstRow: Int,
        _ weights: ResamplingWeights,
        into result: inout PixelPlane
    ) {
        result.reshape(width: image.width, height: weights.spans.count, bytesPerPixel: image.bytesPerPixel)
        image.bytes.withUnsafeBufferPointer { source in
            result.bytes.withUnsafeMutableBufferPointer { target in
                guard let source = source.baseAddress, let target = target.baseAddress else { return }
                let version = cresample_version_at(0).pointee
                version.columns(
                    source,
                    image.rowBytes,
                    firstRow,
                    weights.spans,
                    weights.spans.count,
                    weights.fixed,
                    target
                )
            }
        }
    }
}
