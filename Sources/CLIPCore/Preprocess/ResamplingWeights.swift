/// The input positions and weights that each output position along one side averages.
///
/// A port of Pillow's `precompute_coeffs`: the filter is stretched for downscaling (antialiasing), truncated at the
/// edges and normalised.
struct ResamplingWeights {
    /// The inputs of one output position.
    struct Span {
        /// The first input position.
        let start: Int
        /// The number of input positions.
        let count: Int
        /// The index of the position's first weight.
        let firstWeight: Int
    }

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

    private(set) var spans: [Span] = []
    private(set) var weights: [Double] = []
    /// The weights in Pillow's fixed-point format.
    private(set) var fixed: [Int32] = []
    private var sizes: Sizes?

    /// Computes the weights, unless the sizes have not changed.
    mutating func prepare(_ sizes: Sizes) {
        guard sizes != self.sizes else { return }
        self.sizes = sizes
        let scale = Double(sizes.input) / Double(sizes.output)
        let filterScale = max(scale, 1)
        let support = sizes.interpolation.support * filterScale
        spans.removeAll(keepingCapacity: true)
        weights.removeAll(keepingCapacity: true)
        for position in sizes.window {
            let center = (Double(position) + 0.5) * scale
            let start = max(Int(center - support + 0.5), 0)
            let end = min(Int(center + support + 0.5), sizes.input)
            let firstWeight = weights.count
            for input in start..<end {
                weights.append(sizes.interpolation.weight((Double(input) - center + 0.5) * (1 / filterScale)))
            }
            let sum = weights[firstWeight...].reduce(0, +)
            if sum != 0 {
                for index in firstWeight..<weights.count { weights[index] /= sum }
            }
            spans.append(Span(start: start, count: end - start, firstWeight: firstWeight))
        }
        fixed.removeAll(keepingCapacity: true)
        fixed.append(contentsOf: weights.lazy.map(FixedPoint.weight))
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
    static let fractionalBits: Int32 = 32 - 8 - 2
    /// The initial value of a sum, so that shifting rounds to nearest.
    static let half: Int32 = 1 << (fractionalBits - 1)

    static func weight(_ weight: Double) -> Int32 {
        Int32((weight < 0 ? -0.5 : 0.5) + weight * Double(1 << fractionalBits))
    }

    @inline(__always)
    static func byte(_ sum: Int32) -> UInt8 {
        UInt8(truncatingIfNeeded: min(max(sum >> fractionalBits, 0), 255))
    }
}
