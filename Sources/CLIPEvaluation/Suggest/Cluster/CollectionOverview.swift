public import CLIPCore

/// What a collection of images contains: clusters of similar images, and the phrases that describe them.
///
/// Images are clustered by what distinguishes them from the mean image (spherical k-means on a random sample); then all
/// images are assigned to the nearest cluster. A phrase describes a cluster if it is among the nearest phrases of many
/// of its images, compared with the mean image (``NearestPhrases``), and of few others.
///
/// ```swift
/// let overview = try CollectionOverview(of: store, vocabulary: vocabulary)
/// overview.clusters[0].phrases.map(\.text)  // ["tabby cat", "kitten", …]
/// let file = try overview.draft()
/// ```
public struct CollectionOverview: Sendable {
    /// Similar images.
    public struct Cluster: Sendable, Hashable {
        /// The number of images.
        public let count: Int
        /// The phrases that describe the cluster, the best first, each with the number of its images that it is near
        /// to.
        public let phrases: [PhraseCount]
        /// The ids of the images nearest to the cluster's centre, nearest first.
        public let examples: [String]
    }

    /// How to cluster, and how much to report.
    public struct Options: Sendable, Hashable {
        /// The number of clusters; `nil` for the square root of twice the number of images, at most 50.
        public var clusters: Int?
        /// The number of phrases per cluster.
        public var phrases = 5
        /// The number of examples per cluster.
        public var examples = 5
        /// Determines the sample and the first centres.
        public var seed: UInt64 = 0
        /// The number of images that are clustered; the others are assigned to these clusters.
        package var sample = 20_000

        /// Creates the default options.
        public init() {}
    }

    /// The clusters, the largest first.
    public let clusters: [Cluster]
    /// The number of images.
    package let count: Int
    /// A random sample of the images, with the cluster of each.
    let sample: (images: EmbeddingMatrix, clusters: [Int])
    let vectors: [String: [Float]]

    /// The number of nearest phrases of an image that count for its cluster.
    static let phrasesPerImage = 10
    private static let starts: UInt64 = 3

    /// Clusters the images of a store and describes the clusters.
    ///
    /// Reads the store three times. Memory grows with the sample and the vocabulary only.
    ///
    /// - Parameters:
    ///   - store: Vectors of the vocabulary's model.
    ///   - vocabulary: The phrases to describe images with.
    ///   - options: How to cluster, and how much to report.
    ///   - onProgress: Called with the number of images described so far.
    /// - Throws: `CLIPError` with code `modelMismatch` if the store was created with another model, `notFound` if it has
    ///   no images; what reading the store throws.
    /// - Precondition: The numbers of the options are positive.
    public init(
        of store: some EmbeddingReader,
        vocabulary: EmbeddedVocabulary,
        options: Options = Options(),
        onProgress: (_ done: Int) throws -> Void = { _ in }
    ) throws {
        precondition(options.clusters ?? 1 > 0 && options.phrases > 0 && options.examples > 0)
        try store.provenance.requireModel(vocabulary.model, store: store.name)
        guard store.count > 0 else { throw CLIPError(.notFound, "\(store.name) has no images to describe.") }
        let sample = try store.sample(count: options.sample, seed: options.seed).embeddings
        let mean = sample.rowMean()
        let centred = sample.centred(at: mean)
        let wanted = options.clusters ?? min(max(Int((2 * Double(store.count)).squareRoot()), 1), 50)
        let centres =
            (0..<Self.starts).map { SphericalKMeans(centred, count: wanted, seed: options.seed &+ $0) }
            .max { $0.total < $1.total }?.centres ?? centred
        var tally = ClusterTally(clusters: centres.count, examples: options.examples)
        let search = NearestPhrases(vocabulary, count: Self.phrasesPerImage, background: mean)
        try search.run(store) { block, hits in
            let nearest = SphericalKMeans.nearest(centres, to: block.embeddings.centred(at: mean))
            for (row, (cluster, cosine)) in nearest.enumerated() {
                tally.add(block.ids[row], to: cluster, cosine: cosine, phrases: hits[row])
            }
            try onProgress(tally.count)
        }
        let order = tally.order
        let named = order.map { tally.cluster($0, of: vocabulary.phrases, phrases: options.phrases) }
        let place = Dictionary(uniqueKeysWithValues: order.enumerated().map { ($1, $0) })
        clusters = named
        count = tally.count
        let ofSample = SphericalKMeans.nearest(centres, to: centred).map { place[$0.cluster] ?? 0 }
        self.sample = (sample, ofSample)
        let wantedTexts = Set(named.flatMap { $0.phrases.map(\.text) })
        vectors = Dictionary(
            uniqueKeysWithValues: vocabulary.phrases.enumerated().filter { wantedTexts.contains($0.element) }
                .map { ($0.element, vocabulary.vectors[row: $0.offset]) }
        )
    }
}

extension EmbeddingMatrix {
    /// The directions from a centre to the vectors; a vector at the centre is unchanged.
    func centred(at centre: [Float]) -> EmbeddingMatrix {
        EmbeddingMatrix(count: count, dimension: dimension) { result in
            values.withUnsafeBufferPointer { values in
                for row in 0..<count {
                    let range = row * dimension..<(row + 1) * dimension
                    var squares = Float(0)
                    for (column, index) in range.enumerated() {
                        result[index] = values[index] - centre[column]
                        squares += result[index] * result[index]
                    }
                    let length = squares.squareRoot()
                    for index in range { result[index] = length > 1e-6 ? result[index] / length : values[index] }
                }
            }
        }
    }
}
