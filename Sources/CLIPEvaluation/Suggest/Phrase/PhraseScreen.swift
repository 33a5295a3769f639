internal import CLIPCore
internal import CNearest

/// The phrases of a vocabulary in codes of 7 bits, which rule out most of them for an image, whose codes have 6 bits.
///
/// For an image x and a phrase p, with the mean m of all phrases, `x·p = x·(p − m) + x·m`. Codes of x and of p − m
/// approximate the first term; by the Cauchy–Schwarz inequality, their error is at most
/// `|error of x|·|code of p − m| + |x|·|error of p − m|`. A rotation of both spreads large values over all columns, which
/// makes errors small (as in product quantisation: Jégou et al., 2010, section V).
struct PhraseScreen: Sendable {
    private let vectors: EmbeddingMatrix
    private let mean: [Float]
    private let stride: Int
    private let panelCount: Int
    private let panels: [Int8]
    private let scales: [Float]
    private let errors: [Float]
    private let longestCode: Float

    /// The effect of rounding in 32 bits on sums of products of vectors with lengths of about 1, with a wide margin.
    private static let rounding: Float = 1e-5

    init(_ vectors: EmbeddingMatrix) {
        let (step, panel) = (CNEAREST_STEP, CNEAREST_PANEL)
        let stride = (vectors.dimension + step - 1) / step * step
        let panelCount = (vectors.count + panel - 1) / panel
        let mean = vectors.rowMean()
        let codes = VectorCodes(
            vectors,
            centre: mean,
            largest: CNEAREST_LARGEST_KEY,
            stride: stride,
            rows: panelCount * panel
        )
        var panels = [Int8](repeating: 0, count: panelCount * panel * stride)
        cnearest_arrange(codes.codes, vectors.count, stride, &panels)
        self.panels = panels
        self.panelCount = panelCount
        self.vectors = vectors
        self.mean = mean
        self.stride = stride
        scales = codes.scales
        errors = codes.errors
        longestCode = codes.lengths.max() ?? 0
    }

    /// The nearest phrases of images of the same dimension.
    func hits(for images: EmbeddingMatrix, count limit: Int) -> [[NearestPhrases.Hit]] {
        guard images.count > 0 else { return [] }
        let queries = CNEAREST_QUERIES
        let rows = (images.count + queries - 1) / queries * queries
        let zero = [Float](repeating: 0, count: images.dimension)
        let codes = VectorCodes(images, centre: zero, largest: CNEAREST_LARGEST_QUERY, stride: stride, rows: rows)
        let means = MatrixProduct.innerProducts(images, EmbeddingMatrix(rows: [mean]), rows: 1)
        let slacks = (0..<images.count).map { means[$0] + codes.errors[$0] * longestCode + Self.rounding }
        let lengths = zip(codes.lengths, codes.errors).map(+)
        let shifted = codes.codes.map { UInt8(Int($0) + CNEAREST_SHIFT) }
        var values = [Float](repeating: 0, count: images.count * limit)
        var phrases = [UInt32](repeating: 0, count: images.count * limit)
        withKeys { keys in
            cnearest_find(
                keys,
                images.values,
                images.count,
                shifted,
                codes.scales,
                lengths,
                slacks,
                limit,
                &values,
                &phrases
            )
        }
        return (0..<images.count).map { row in
            (row * limit..<(row + 1) * limit).map { .init(phrase: Int(phrases[$0]), nearness: values[$0]) }
        }
    }

    private func withKeys(_ body: (UnsafePointer<cnearest_keys>) -> Void) {
        vectors.values.withUnsafeBufferPointer { vectors in
            panels.withUnsafeBufferPointer { panels in
                scales.withUnsafeBufferPointer { scales in
                    errors.withUnsafeBufferPointer { errors in
                        guard let vectors = vectors.baseAddress, let panels = panels.baseAddress,
                            let scales = scales.baseAddress, let errors = errors.baseAddress
                        else { return }
                        var keys = cnearest_keys(
                            vectors: vectors,
                            count: self.vectors.count,
                            dimension: self.vectors.dimension,
                            stride: stride,
                            panels: panels,
                            panel_count: panelCount,
                            scales: scales,
                            errors: errors
                        )
                        body(&keys)
                    }
                }
            }
        }
    }
}

/// Vectors as codes.
private struct VectorCodes {
    let codes: [Int8]
    /// The factor of each vector's codes.
    let scales: [Float]
    let lengths: [Float]
    let errors: [Float]

    /// Encodes the differences of vectors and a centre; there are `rows` rows of codes, of which the last ones are 0.
    init(_ vectors: EmbeddingMatrix, centre: [Float], largest: Int, stride: Int, rows: Int) {
        var rotated = centre
        var codes = [Int8](repeating: 0, count: rows * stride)
        var scales = [Float](repeating: 1, count: rows)
        var lengths = [Float](repeating: 0, count: rows)
        var errors = [Float](repeating: 0, count: rows)
        let (count, dimension) = (vectors.count, vectors.dimension)
        cnearest_encode(
            vectors.values,
            count,
            dimension,
            centre,
            &rotated,
            Int32(largest),
            stride,
            &codes,
            &scales,
            &lengths,
            &errors
        )
        (self.codes, self.scales, self.lengths, self.errors) = (codes, scales, lengths, errors)
    }
}

extension EmbeddingMatrix {
    /// The mean of all rows, accumulated in 64 bits.
    func rowMean() -> [Float] {
        var sum = [Double](repeating: 0, count: dimension)
        values.withUnsafeBufferPointer { values in
            for row in 0..<count {
                for column in 0..<dimension { sum[column] += Double(values[row * dimension + column]) }
            }
        }
        return sum.map { Float($0 / Double(max(count, 1))) }
    }
}
