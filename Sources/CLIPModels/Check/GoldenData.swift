internal import CLIPCore

/// The reference inputs and outputs of a bundle.
struct GoldenData {
    struct Image {
        let file: String
        let row: Int
        let preprocessedSHA256: String
    }

    struct Text: Decodable {
        let text: String
        let tokenIds: [Int]
        let row: Int
    }

    private struct File: Decodable {
        struct Image: Decodable {
            let file: String
            let row: Int
        }

        struct Preprocessed: Decodable {
            let file: String
            let sha256: String
        }

        let embeddings: String
        let dimension: Int
        let images: [Image]
        let texts: [Text]
        let preprocessed: [Preprocessed]
        let requiredCosine: Required?

        /// One number for a bundle that runs in one precision, or one for each.
        enum Required: Decodable {
            case one(Double)
            case each([String: Double])

            init(from decoder: any Decoder) throws {
                let value = try decoder.singleValueContainer()
                self = try (try? value.decode(Double.self)).map(Self.one) ?? .each(value.decode([String: Double].self))
            }
        }
    }

    private let required: File.Required?
    let images: [Image]
    let texts: [Text]
    private let embeddings: EmbeddingMatrix

    /// Reads a bundle's reference data.
    ///
    /// - Throws: `CLIPError` with code `invalidModel` if it is incomplete.
    init(_ bundle: ModelBundle) throws {
        let path = bundle.file(bundle.manifest.golden.file)
        let file = try JSONFile.decode(File.self, from: try FileBytes.read(path), path: path)
        guard !file.images.isEmpty, !file.texts.isEmpty else {
            throw CLIPError(.invalidModel, "\(path): there must be at least one image and one text.")
        }
        let bytes = try FileBytes.read(bundle.file(file.embeddings))
        let rowBytes = bundle.model.embeddingDimension * MemoryLayout<Float>.stride
        let rows = 0..<bytes.count / rowBytes
        guard file.dimension == bundle.model.embeddingDimension, bytes.count.isMultiple(of: rowBytes),
            (file.images.map(\.row) + file.texts.map(\.row)).allSatisfy(rows.contains)
        else {
            throw CLIPError(.invalidModel, "\(path): \(file.embeddings) lacks rows or has the wrong dimension.")
        }
        embeddings = EmbeddingMatrix(count: rows.count, dimension: file.dimension) { values in
            for index in values.indices {
                values[index] = bytes.withUnsafeBytes { bytes in
                    Float(
                        bitPattern: UInt32(
                            littleEndian: bytes.loadUnaligned(fromByteOffset: 4 * index, as: UInt32.self)
                        )
                    )
                }
            }
        }
        required = file.requiredCosine
        texts = file.texts
        images = try file.images.map { image in
            guard let preprocessed = file.preprocessed.first(where: { $0.file == image.file }) else {
                throw CLIPError(.invalidModel, "\(path): 'preprocessed' does not list \(image.file).")
            }
            return Image(file: image.file, row: image.row, preprocessedSHA256: preprocessed.sha256)
        }
    }

    /// What is required where the CPU that a bundle was exported on lacked the precision, and earlier exports so named none.
    private static let usualCosines = ["bf16": 0.999, "int8": 0.995]

    /// The cosine that vectors computed in a precision must reach; `nil` if only exact ones will do.
    func requiredCosine(_ precision: String?) -> Double? {
        switch required {
        case .one(let cosine): cosine
        case .each(let cosines): precision.flatMap { cosines[$0] ?? Self.usualCosines[$0] }
        case nil: nil
        }
    }

    /// The least cosine of the vectors for inputs that both have; `nil` if there are none.
    func leastCosine(with other: GoldenData) -> Double? {
        let images = images.compactMap { image in
            other.images.first { $0.preprocessedSHA256 == image.preprocessedSHA256 }.map { (image.row, $0.row) }
        }
        let texts = texts.compactMap { text in
            other.texts.first { $0.text == text.text }.map { (text.row, $0.row) }
        }
        let rows = images + texts
        guard !rows.isEmpty else { return nil }
        let values = rows.flatMap { other.embeddings[row: $0.1] }
        let vectors = EmbeddingMatrix(dimension: other.embeddings.dimension, values: values)
        return compare(vectors, rows: rows.map(\.0)).worstCosine
    }

    /// Compares vectors with rows of the reference.
    func compare(_ vectors: EmbeddingMatrix, rows: [Int]) -> GoldenCheck.Agreement {
        var worstCosine = 1.0
        var largestDifference = 0.0
        for (index, row) in rows.enumerated() {
            let pairs = zip(vectors[row: index], embeddings[row: row]).map { (Double($0), Double($1)) }
            let lengths = pairs.reduce(0) { $0 + $1.0 * $1.0 } * pairs.reduce(0) { $0 + $1.1 * $1.1 }
            let cosine = pairs.reduce(0) { $0 + $1.0 * $1.1 } / lengths.squareRoot()
            worstCosine = cosine.isNaN ? -1 : min(worstCosine, cosine)
            largestDifference = pairs.reduce(largestDifference) { max($0, abs($1.0 - $1.1)) }
        }
        return .init(count: rows.count, worstCosine: worstCosine, largestDifference: largestDifference)
    }
}
