import CLIPCore
import CResample
import Testing

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Every version of the inner loops that this CPU can run computes exactly what their definition says.
@Suite struct ResampleVersionTests {
    /// What to average, and for reference the weights before they are split.
    private struct Weights {
        var spans = [cresample_span]()
        var values = [Int32]()
        var split = [Int16]()

        init(count: Int, inputs: Int, maximum: Int, using generator: inout SeededGenerator) {
            var (start, end) = (0, 1)
            for _ in 0..<count {
                start = Int.random(in: start...min(start + 3, inputs - 1), using: &generator)
                end = Int.random(in: max(end, start + 1)...max(end, min(start + maximum, inputs)), using: &generator)
                spans.append(cresample_span(start: start, count: end - start, first_weight: values.count))
                for _ in start..<end { values.append(Self.value(using: &generator)) }
                while !values.count.isMultiple(of: 4) { values.append(0) }
            }
            for index in stride(from: 0, to: values.count, by: 2) {
                let pair = values[index..<index + 2]
                split += pair.map { Int16($0 >> 15) } + pair.map { Int16($0 & 0x7FFF) }
            }
        }

        private static func value(using generator: inout SeededGenerator) -> Int32 {
            let values = [Int32.random(in: -5 << 20...5 << 20, using: &generator), 1 << 22, -1, 0]
            return values.randomElement(using: &generator) ?? 0
        }

        /// The definition of a weighted mean.
        func mean(_ span: cresample_span, _ byte: (Int) -> UInt8) -> UInt8 {
            let sum = (0..<span.count).reduce(Int32(1) << 21) { sum, index in
                sum &+ values[span.first_weight + index] &* Int32(byte(span.start + index))
            }
            return UInt8(min(max(sum >> 22, 0), 255))
        }
    }

    private static func pixels(_ count: Int, using generator: inout SeededGenerator) -> [UInt8] {
        let extremes = Bool.random(using: &generator)
        return (0..<count).map { _ in
            extremes ? [0, 255].randomElement(using: &generator) ?? 0 : UInt8.random(in: 0...255, using: &generator)
        }
    }

    @Test(arguments: 0..<cresample_version_count())
    func rowsAreWeightedMeansOfTheirPixels(_ version: Int) {
        var generator = SeededGenerator(seed: 1)
        for _ in 0..<2000 {
            let channels = Int.random(in: 1...4, using: &generator)
            let (width, height) = (Int.random(in: 1...60, using: &generator), Int.random(in: 1...9, using: &generator))
            let outputs = Int.random(in: 1...40, using: &generator)
            let weights = Weights(count: outputs, inputs: width, maximum: 300, using: &generator)
            let source = Self.pixels(width * height * channels, using: &generator)
            let expected = (0..<height * outputs * channels).map { index in
                let (y, x, channel) = (index / channels / outputs, index / channels % outputs, index % channels)
                return weights.mean(weights.spans[x]) { source[(y * width + $0) * channels + channel] }
            }
            let result = bytes(from: source, count: expected.count) { source, target in
                cresample_version_at(version).pointee.rows(
                    source,
                    width * channels,
                    height,
                    channels,
                    weights.spans,
                    outputs,
                    weights.split,
                    target
                )
            }
            #expect(result == expected, "\(width)×\(height), \(channels) channels, to \(outputs)")
        }
    }

    @Test(arguments: 0..<cresample_version_count())
    func columnsAreWeightedMeansOfTheirRows(_ version: Int) {
        var generator = SeededGenerator(seed: 2)
        for _ in 0..<1000 {
            let rowBytes = Int.random(in: 1...150, using: &generator)
            let (height, first) = (Int.random(in: 1...60, using: &generator), Int.random(in: 0...3, using: &generator))
            let outputs = Int.random(in: 1...20, using: &generator)
            var weights = Weights(count: outputs, inputs: height, maximum: 300, using: &generator)
            let source = Self.pixels(rowBytes * height, using: &generator)
            let expected = (0..<outputs * rowBytes).map { index in
                weights.mean(weights.spans[index / rowBytes]) { source[$0 * rowBytes + index % rowBytes] }
            }
            for index in weights.spans.indices { weights.spans[index].start += first }
            let result = bytes(from: source, count: expected.count) { source, target in
                cresample_version_at(version).pointee.columns(
                    source,
                    rowBytes,
                    first,
                    weights.spans,
                    outputs,
                    weights.split,
                    target
                )
            }
            #expect(result == expected, "\(height) rows of \(rowBytes) bytes to \(outputs)")
        }
    }

    @Test func thePortableVersionIsTheLast() {
        #expect(String(cString: cresample_version_at(cresample_version_count() - 1).pointee.name) == "portable")
    }
}

/// Memory followed by a page that cannot be accessed: reading or writing one byte more ends the process.
private func withGuardedBytes<Result>(_ count: Int, _ body: (UnsafeMutablePointer<UInt8>) -> Result) -> Result {
    let page = Int(sysconf(Int32(_SC_PAGESIZE)))
    let size = (count + page - 1) / page * page
    guard let memory = mmap(nil, size + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANON, -1, 0),
        mprotect(memory + size, page, PROT_NONE) == 0
    else { preconditionFailure("there is no memory") }
    defer { munmap(memory, size + page) }
    return body((memory + size - count).assumingMemoryBound(to: UInt8.self))
}

/// The `count` bytes that `body` computes from `source`.
private func bytes(
    from source: [UInt8],
    count: Int,
    _ body: (UnsafePointer<UInt8>, UnsafeMutablePointer<UInt8>) -> Void
) -> [UInt8] {
    withGuardedBytes(source.count) { input in
        input.update(from: source, count: source.count)
        return withGuardedBytes(count) { output in
            body(input, output)
            return Array(UnsafeBufferPointer(start: output, count: count))
        }
    }
}
