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
            Self.resampleColumns(of: image, firstRow: 0, scratch.vertical, &scratch.sums, into: &scratch.intermediate)
            let rows = 0..<scratch.intermediate.height
            Self.resampleRows(of: scratch.intermediate, rows: rows, scratch.horizontal, &scratch.row, into: &window)
        } else {
            let rows = scratch.vertical.inputRange
            Self.resampleRows(of: image, rows: rows, scratch.horizontal, &scratch.row, into: &scratch.intermediate)
            let first = rows.lowerBound
            Self.resampleColumns(
                of: scratch.intermediate,
                firstRow: first,
                scratch.vertical,
                &scratch.sums,
                into: &window
            )
        }
    }

    /// One pass: resizes each of `rows` to the window's width.
    private static func resampleRows(
        of image: PixelPlane,
        rows: Range<Int>,
        _ weights: ResamplingWeights,
        _ row: inout [UInt8],
        into result: inout PixelPlane
    ) {
        let channels = image.bytesPerPixel
        let outputBytes = weights.spans.count * channels
        result.reshape(width: weights.spans.count, height: rows.count, bytesPerPixel: channels)
        // Pixels are read four bytes at a time, so the copy of a row has room to read past the last one.
        row.resize(to: image.rowBytes + 4)
        result.bytes.withUnsafeMutableBufferPointer { output in
            for (index, y) in rows.enumerated() {
                let input = y * image.rowBytes..<(y + 1) * image.rowBytes
                row.withUnsafeMutableBytes { row in
                    image.bytes.withUnsafeBytes { row.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[input])) }
                }
                let start = index * outputBytes
                let target = UnsafeMutableBufferPointer(rebasing: output[start..<start + outputBytes])
                row.withUnsafeBytes { resampleRow($0, into: target, channels: channels, weights.spans, weights.fixed) }
            }
        }
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

    /// Resamples all channels of a pixel.
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

    /// The other pass: each row of the window is a weighted mean of whole rows.
    private static func resampleColumns(
        of image: PixelPlane,
        firstRow: Int,
        _ weights: ResamplingWeights,
        _ sums: inout [Int32],
        into result: inout PixelPlane
    ) {
        let rowBytes = image.rowBytes
        result.reshape(width: image.width, height: weights.spans.count, bytesPerPixel: image.bytesPerPixel)
        sums.resize(to: rowBytes)
        sums.withUnsafeMutableBufferPointer { sums in
            image.bytes.withUnsafeBufferPointer { source in
                result.bytes.withUnsafeMutableBufferPointer { output in
                    for (y, span) in weights.spans.enumerated() {
                        sums.update(repeating: FixedPoint.half)
                        for index in 0..<span.count {
                            let weight = weights.fixed[span.firstWeight + index]
                            let row = (span.start + index - firstRow) * rowBytes
                            for x in 0..<rowBytes {
                                sums[x] &+= Int32(source[row &+ x]) &* weight
                            }
                        }
                        for x in 0..<rowBytes {
                            output[y &* rowBytes &+ x] = FixedPoint.byte(sums[x])
                        }
                    }
                }
            }
        }
    }
}
