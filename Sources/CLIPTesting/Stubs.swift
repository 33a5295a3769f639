public import CLIPCore

/// An image encoder without a model, whose vectors depend only on the bytes of each image and differ between images.
///
/// Use it to test code around an encoder. ``vector(for:)`` returns the expected vector.
public struct StubImageEncoder: ImageEncoder {
    /// The encoder's model.
    public let model: ModelDescription
    private let fails: @Sendable (ImageBatch) -> Bool

    /// Creates an encoder.
    ///
    /// - Parameters:
    ///   - size: Height and width of the input images.
    ///   - dimension: Length of the vectors.
    ///   - fails: Whether to throw for a batch.
    public init(size: Int = 8, dimension: Int = 16, fails: @escaping @Sendable (ImageBatch) -> Bool = { _ in false }) {
        self.model = .stub(size: size, dimension: dimension)
        self.fails = fails
    }

    /// Encodes a batch.
    ///
    /// - Returns: One unit vector per item of the batch, in order.
    /// - Throws: `CLIPError` with code `inference`.
    public func encode(_ batch: ImageBatch) throws -> EmbeddingMatrix {
        if fails(batch) { throw CLIPError(.inference, "The stub was told to fail.") }
        var result = EmbeddingMatrix(dimension: model.embeddingDimension, capacity: batch.count)
        for image in batch { result.append(try vector(for: image)) }
        return result
    }

    /// The unit vector that the encoder returns for an image's preprocessed bytes.
    ///
    /// - Throws: `CLIPError`, but never in practice: the vectors are not zero.
    public func vector(for pixels: some Sequence<UInt8>) throws -> [Float] {
        try .stub(seed: pixels, dimension: model.embeddingDimension)
    }
}

/// A text encoder without a model, whose vectors depend only on the token ids of each text.
public struct StubTextEncoder: TextEncoder {
    /// The encoder's model.
    public let model: ModelDescription

    /// Creates an encoder.
    public init(dimension: Int = 16) {
        model = .stub(size: 8, dimension: dimension)
    }

    /// Encodes a batch.
    ///
    /// - Returns: One unit vector per item of the batch, in order.
    /// - Throws: `CLIPError` with code `inference`.
    public func encode(_ tokens: TokenBatch) throws -> EmbeddingMatrix {
        var result = EmbeddingMatrix(dimension: model.embeddingDimension, capacity: tokens.count)
        for ids in tokens {
            result.append(
                try [Float].stub(seed: ids.map { UInt8(truncatingIfNeeded: $0) }, dimension: result.dimension)
            )
        }
        return result
    }
}

/// A tokenizer without a vocabulary: the ids are the bytes of the text, plus one.
public struct StubTokenizer: InspectableTokenizer {
    /// Ids 1…256 are bytes; 0 is padding.
    public let padding = TokenPadding(id: 0, length: .context(32))

    private var limit = 32

    /// Creates the tokenizer.
    public init() {}

    /// The ids of the first bytes of the text.
    public func tokenize(_ text: String) -> [Int] {
        text.utf8.prefix(limit).map { Int($0) + 1 }
    }

    /// The same tokenizer without a length limit.
    package var untruncated: StubTokenizer {
        var copy = self
        copy.limit = .max
        return copy
    }

    package func pieces(for ids: [Int]) -> [String] { ids.map(String.init) }
}

extension ModelDescription {
    /// A description of a stub model.
    public static func stub(size: Int = 8, dimension: Int = 16) -> ModelDescription {
        ModelDescription(
            name: "stub-\(size)-\(dimension)",
            identity: "0000\(size)0000\(dimension)",
            embeddingDimension: dimension,
            preprocessing: PreprocessingSpec(
                height: size,
                width: size,
                resizeMode: .shortest,
                interpolation: .bicubic
            ),
            logitScale: 100
        )
    }
}

extension [Float] {
    /// A unit vector from a linear congruential generator (Knuth's MMIX) seeded with a hash (FNV-1a).
    fileprivate static func stub(seed: some Sequence<UInt8>, dimension: Int) throws -> [Float] {
        var state: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in seed {
            state = (state ^ UInt64(byte)) &* 0x100_0000_01b3
        }
        let values = (0..<dimension).map { _ -> Float in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Float(Int32(truncatingIfNeeded: state >> 32)) / Float(Int32.max)
        }
        var matrix = EmbeddingMatrix(dimension: dimension, values: values)
        try matrix.normalizeRows()
        return matrix.values
    }
}
