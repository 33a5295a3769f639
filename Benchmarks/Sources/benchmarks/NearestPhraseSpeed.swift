import CLIPCore
import CLIPEvaluation

/// Finding the nearest ten of 80,000 phrases to each of 200,000 images, as `clip-cli suggest` does.
///
/// Images and phrases are distributed like embeddings of CLIP in what matters here: all images have a common direction, all
/// phrases have another, and in what is left a few directions hold most of the variance.
enum NearestPhraseSpeed {
    private static let (images, phrases, dimension) = (200_000, 80_000, 512)
    private static let checked = 20

    static func run() throws {
        var numbers = Numbers()
        let model = RandomModel.description(dimension: dimension)
        let images = try numbers.vectors(images, dimension: dimension, commonAxis: 0)
        let vectors = try numbers.vectors(phrases, dimension: dimension, commonAxis: 1)
        let vocabulary = try EmbeddedVocabulary(
            phrases: (0..<phrases).map(String.init),
            vectors: vectors,
            model: model
        )
        let ids = (0..<images.count).map(String.init)
        let store = MemoryStore(provenance: Provenance(model), block: EmbeddingBlock(ids: ids, embeddings: images))
        let clock = ContinuousClock()
        let start = clock.now
        let background = images.mean(of: 1000)
        let search = NearestPhrases(vocabulary, count: 10, background: background)
        var first = [NearestPhrases.Hit]()
        try search.run(store) { block, hits in
            if first.isEmpty { first = hits.prefix(checked).compactMap(\.first) }
        }
        let seconds = (clock.now - start) / .seconds(1)
        print("\(phrases) phrases × \(images.count) images × \(dimension), s   \(seconds)")
        try check(first, images, background, vectors)
    }

    /// Compares some results with those of comparing all pairs.
    private static func check(
        _ hits: [NearestPhrases.Hit],
        _ images: EmbeddingMatrix,
        _ background: [Float],
        _ phrases: EmbeddingMatrix
    ) throws {
        for (row, hit) in hits.enumerated() {
            let image = zip(images[row: row], background).map { $0 - $1 }
            let nearest =
                (0..<phrases.count).map { phrase in
                    zip(image, phrases[row: phrase]).reduce(Float(0)) { $0 + $1.0 * $1.1 }
                }.max() ?? 0
            guard abs(nearest - hit.nearness) < 1e-5 else {
                throw Failure("The nearest phrase of image \(row) has \(nearest), and \(hit.nearness) was found.")
            }
        }
    }
}

extension EmbeddingMatrix {
    /// The mean of the first rows.
    fileprivate func mean(of rows: Int) -> [Float] {
        (0..<rows).reduce(into: [Float](repeating: 0, count: dimension)) { sum, row in
            for (column, value) in self[row: row].enumerated() { sum[column] += value / Float(rows) }
        }
    }
}

extension Numbers {
    fileprivate mutating func vectors(_ count: Int, dimension: Int, commonAxis: Int) throws -> EmbeddingMatrix {
        let spectrum = (0..<dimension).map { 1 / Float($0 + 10).squareRoot() }
        var values = [Float]()
        values.reserveCapacity(count * dimension)
        for _ in 0..<count {
            for column in 0..<dimension {
                let common: Float = column == commonAxis ? 1.5 : 0
                values.append(common + (floats(2).reduce(0, +)) * spectrum[column])
            }
        }
        return try EmbeddingMatrix(dimension: dimension, values: values).normalized()
    }
}
