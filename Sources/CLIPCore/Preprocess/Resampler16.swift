/// Resizes images of one 16-bit channel exactly as Pillow's `Image.resize` does for mode `I;16`.
///
/// Like ``Resampler``, but sums are in 64-bit floats and each pass is rounded to 16 bits.
struct Resampler16 {
    let interpolation: PreprocessingSpec.Interpolation
    let geometry: ResizeGeometry

    private struct Plane {
        let width: Int
        let height: Int
        var values: [UInt16]
    }

    /// The window of the resized image.
    func resample(_ image: PixelPlane) -> PixelPlane {
        let horizontal = weights(image.width, geometry.resizedWidth, geometry.columns)
        let vertical = weights(image.height, geometry.resizedHeight, geometry.rows)
        let values = stride(from: 0, to: image.bytes.count, by: 2).map {
            UInt16(image.bytes[$0]) | UInt16(image.bytes[$0 + 1]) << 8
        }
        let plane = Plane(width: image.width, height: image.height, values: values)
        let heightFirst = geometry.resamplesHeightFirst(width: image.width, height: image.height)
        let result =
            heightFirst
            ? resampleRows(resampleColumns(plane, vertical), horizontal)
            : resampleColumns(resampleRows(plane, horizontal), vertical)
        return PixelPlane(
            width: result.width,
            height: result.height,
            bytesPerPixel: 2,
            bytes: result.values.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)] }
        )
    }

    private func weights(_ input: Int, _ output: Int, _ window: ResizeGeometry.Window) -> ResamplingWeights {
        ResamplingWeights(inputSize: input, outputSize: output, window: window.range, interpolation: interpolation)
    }

    private func resampleRows(_ plane: Plane, _ weights: ResamplingWeights) -> Plane {
        let values = (0..<plane.height).flatMap { y in
            weights.spans.map { Self.mean(plane.values, $0, weights.weights, start: y * plane.width, step: 1) }
        }
        return Plane(width: weights.spans.count, height: plane.height, values: values)
    }

    private func resampleColumns(_ plane: Plane, _ weights: ResamplingWeights) -> Plane {
        let values = weights.spans.flatMap { span in
            (0..<plane.width).map { Self.mean(plane.values, span, weights.weights, start: $0, step: plane.width) }
        }
        return Plane(width: plane.width, height: weights.spans.count, values: values)
    }

    private static func mean(
        _ values: [UInt16],
        _ span: ResamplingWeights.Span,
        _ weights: [Double],
        start: Int,
        step: Int
    ) -> UInt16 {
        var sum = 0.0
        for index in 0..<span.count {
            sum += Double(values[start + (span.start + index) * step]) * weights[span.firstWeight + index]
        }
        return UInt16(min(max(sum + 0.5, 0), 65535))
    }
}
