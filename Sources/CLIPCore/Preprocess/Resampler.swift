/// Resizes images with 8-bit channels exactly as Pillow's `Image.resize` does (`Resample.c`).
///
/// Two passes, each rounded to 8 bits, in fixed-point arithmetic. Only the wanted window of the result is computed, and
/// only from the input rows it needs, which gives the same pixels at less cost.
struct Resampler {
    let interpolation: PreprocessingSpec.Interpolation
    let geometry: ResizeGeometry

    /// The window of the resized image.
    func resample(_ image: PixelPlane) -> PixelPlane {
        let horizontal = weights(image.width, geometry.resizedWidth, geometry.columns)
        let vertical = weights(image.height, geometry.resizedHeight, geometry.rows)
        if geometry.resamplesHeightFirst(width: image.width, height: image.height) {
            let shortened = resampleColumns(of: image, firstRow: 0, vertical)
            return resampleRows(of: shortened, rows: 0..<shortened.height, horizontal)
        }
        let rows = vertical.inputRange
        let narrowed = resampleRows(of: image, rows: rows, horizontal)
        return resampleColumns(of: narrowed, firstRow: rows.lowerBound, vertical)
    }

    private func weights(_ input: Int, _ output: Int, _ window: ResizeGeometry.Window) -> ResamplingWeights {
        ResamplingWeights(inputSize: input, outputSize: output, window: window.range, interpolation: interpolation)
    }

    /// One pass: each of `rows` becomes as wide as the window.
    private func resampleRows(of image: PixelPlane, rows: Range<Int>, _ weights: ResamplingWeights) -> PixelPlane {
        let channels = image.bytesPerPixel
        let outputBytes = weights.spans.count * channels
        let fixed = FixedPoint.weights(weights.weights)
        // Pixels are read four bytes at a time; the copy of a row has room for the last one.
        var row = [UInt8](repeating: 0, count: image.rowBytes + 4)
        let bytes = [UInt8](unsafeUninitializedCapacity: rows.count * outputBytes) { output, count in
            for y in rows {
                let input = y * image.rowBytes..<(y + 1) * image.rowBytes
                row.withUnsafeMutableBytes { row in
                    image.bytes.withUnsafeBytes { row.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[input])) }
                }
                let target = UnsafeMutableBufferPointer(rebasing: output[count..<count + outputBytes])
                row.withUnsafeBytes { Self.resampleRow($0, into: target, channels: channels, weights.spans, fixed) }
                count += outputBytes
            }
        }
        return PixelPlane(width: weights.spans.count, height: rows.count, bytesPerPixel: channels, bytes: bytes)
    }

    private static func resampleRow(
        _ row: UnsafeRawBufferPointer,
        into target: UnsafeMutableBufferPointer<UInt8>,
        channels: Int,
        _ spans: [ResamplingWeights.Span],
        _ weights: [Int32]
    ) {
        switch channels {
        case 1: resampleGray(row, into: target, spans, weights)
        case 2: resample(row, into: target, channels: 2, spans, weights)
        case 3: resample(row, into: target, channels: 3, spans, weights)
        default: resample(row, into: target, channels: 4, spans, weights)
        }
    }

    private static func resampleGray(
        _ row: UnsafeRawBufferPointer,
        into target: UnsafeMutableBufferPointer<UInt8>,
        _ spans: [ResamplingWeights.Span],
        _ weights: [Int32]
    ) {
        weights.withUnsafeBufferPointer { weights in
            for (x, span) in spans.enumerated() {
                var sum = FixedPoint.half
                for index in 0..<span.count {
                    sum &+= Int32(row[span.start &+ index]) &* weights[span.firstWeight &+ index]
                }
                target[x] = FixedPoint.byte(sum)
            }
        }
    }

    /// All channels of a pixel at once.
    ///
    /// Inlined with a constant number of channels.
    @inline(__always)
    private static func resample(
        _ row: UnsafeRawBufferPointer,
        into target: UnsafeMutableBufferPointer<UInt8>,
        channels: Int,
        _ spans: [ResamplingWeights.Span],
        _ weights: [Int32]
    ) {
        weights.withUnsafeBufferPointer { weights in
            for (x, span) in spans.enumerated() {
                var sum = SIMD4<Int32>(repeating: FixedPoint.half)
                var offset = span.start &* channels
                for index in 0..<span.count {
                    let pixel = row.loadUnaligned(fromByteOffset: offset, as: SIMD4<UInt8>.self)
                    sum &+= SIMD4<Int32>(truncatingIfNeeded: pixel) &* weights[span.firstWeight &+ index]
                    offset &+= channels
                }
                for channel in 0..<channels {
                    target[x &* channels &+ channel] = FixedPoint.byte(sum[channel])
                }
            }
        }
    }

    /// The other pass: as many rows as the window has, each a weighted mean of whole rows.
    private func resampleColumns(of image: PixelPlane, firstRow: Int, _ weights: ResamplingWeights) -> PixelPlane {
        let rowBytes = image.rowBytes
        let fixed = FixedPoint.weights(weights.weights)
        let bytes = [UInt8](unsafeUninitializedCapacity: weights.spans.count * rowBytes) { output, count in
            withUnsafeTemporaryAllocation(of: Int32.self, capacity: rowBytes) { sums in
                image.bytes.withUnsafeBufferPointer { source in
                    for (y, span) in weights.spans.enumerated() {
                        sums.update(repeating: FixedPoint.half)
                        for index in 0..<span.count {
                            let weight = fixed[span.firstWeight + index]
                            let row = (span.start + index - firstRow) * rowBytes
                            for x in 0..<rowBytes {
                                sums[x] &+= Int32(source[row &+ x]) &* weight
                            }
                        }
                        for x in 0..<rowBytes {
                            output.initializeElement(at: y &* rowBytes &+ x, to: FixedPoint.byte(sums[x]))
                        }
                    }
                }
            }
            count = weights.spans.count * rowBytes
        }
        return PixelPlane(
            width: image.width,
            height: weights.spans.count,
            bytesPerPixel: image.bytesPerPixel,
            bytes: bytes
        )
    }
}
