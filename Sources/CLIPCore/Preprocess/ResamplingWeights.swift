internal import CResample

/// The input positions and weights that each output position along one side averages.
///
/// A port of Pillow's `precompute_coeffs`: the filter is stretched for downscaling (antialiasing), truncated at the
/// edges and normalised.
struct ResamplingWeights {
    /// What the weights depend on.
    struct Sizes: Equatable {
        /// The length of the side before resizing.
        let input: Int
        /// The length of the whole side after resizing.
        let output: Int
        /// The output positions to compute.
        let window: Range<Int>
        let interpolation: PreprocessingSpec.Interpolation

        init(_ input: Int, _ output: Int, window: Range<Int>, interpolation: PreprocessingSpec.Interpolation) {
            self.input = input
            self.output = output
            self.window = window
            self.interpolation = interpolation
        }
    }

    /// The inputs of each output position.
    private(set) var spans: [cresample_span] = []
    /// The weights of all positions, those of each padded with zeros to a multiple of four.
    private(set) var weights: [Double] = []
    /// The weights in Pillow's fixed-point format, split as `CResample` expects them.
    private(set) var fixed: [Int16] = []
    private var sizes: Sizes?

    /// Computes the weights, unless the sizes have not changed.
    mutating func prepare(_ sizes: Sizes) {
        guard sizes != self.sizes else { return }
        self.sizes = sizes
        let scale = Double(sizes.input) / Double(sizes.output)
        let filterScale = max(scale, 1)
        let support = sizes.interpolation.support * filterScale
        func center(_ position: Int) -> Double { (Double(position) + 0.5) * scale }

        spans.removeAll(keepingCapacity: true)
        var count = 0
        for position in sizes.window {
            let start = max(Int(center(position) - support + 0.5), 0)
            let end = min(Int(center(position) + support + 0.5), sizes.input)
            spans.append(cresample_span(start: start, count: end - start, first_weight: count))
            count += (end - start + 3) / 4 * 4
        }
        weights.resize(to: count)
        weights.withUnsafeMutableBufferPointer { weights in
            weights.update(repeating: 0)
            for (position, span) in zip(sizes.window, spans) {
                let center = center(position)
                let own = UnsafeMutableBufferPointer(rebasing: weights[span.first_weight...].prefix(span.count))
                var sum = 0.0
                for index in own.indices {
                    let distance = Double(span.start + index) - center + 0.5
                    own[index] = sizes.interpolation.weight(distance * (1 / filterScale))
                    sum += own[index]
                }
                guard sum != 0 else { continue }
                for index in own.indices { own[index] /= sum }
            }
        }
        fixed.resize(to: 2 * count)
        fixed.withUnsafeMutableBufferPointer { fixed in
            for (index, weight) in weights.enumerated() {
                FixedPoint.store(weight, at: index, in: fixed)
            }
        }
    }

    /// The range of input positions that the output positions need.
    var inputRange: Range<Int> {
        let start = spans.lazy.map(\.start).min() ?? 0
        let end = spans.lazy.map { $0.start + $0.count }.max() ?? 0
        return start..<end
    }
}

/// Pillow's fixed-point arithmetic for 8-bit channels: weights with 22 fractional bits.
enum FixedPoint {
    private static let one = Double(1 << 22)

    static func weight(_ weight: Double) -> Int32 {
        Int32((weight < 0 ? -0.5 : 0.5) + weight * one)
    }

    /// Stores a weight in the layout of `CResample`: of two weights, the high parts and then the low parts.
    @inline(__always)
    static func store(_ weight: Double, at index: Int, in target: UnsafeMutableBufferPointer<Int16>) {
        let value = self.weight(weight)
        let high = index / 2 * 4 + index % 2
        target[high] = Int16(truncatingIfNeeded: value >> 15)
        target[high + 2] = Int16(truncatingIfNeeded: value & 0x7FFF)
    }
}
