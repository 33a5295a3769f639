import CLIPCore
import CLIPEvaluation

/// Labelled images and decisions made of plain numbers, category by category.
///
/// - Parameters:
///   - scores: For each category the score of each image.
///   - truth: For each category whether each image belongs to it.
///   - probabilities: For each category the probability with which each image was drawn; empty if none was.
///   - threshold: The score from which an image matches.
/// - Returns: The images, and what is decided for them.
func labelled(
    scores: [[Float]],
    truth: [[Bool?]],
    probabilities: [[Double]] = [],
    threshold: Float
) -> (images: LabelledEmbeddings, decisions: Decisions) {
    let count = scores.first?.count ?? 0
    let all = (0..<count).flatMap { image in scores.map { $0[image] } }
    let images = LabelledEmbeddings(
        ids: (0..<count).map { "\($0).jpg" },
        embeddings: EmbeddingMatrix(dimension: 1, values: [Float](repeating: 1, count: count)),
        categories: scores.indices.map { "c\($0)" },
        truth: (0..<count).flatMap { image in truth.map { $0[image] } },
        probabilities: (0..<count).flatMap { image in
            zip(probabilities, truth).map { probabilities, truth in truth[image].map { _ in probabilities[image] } }
        }
    )
    let decisions = Decisions(
        categories: images.categories,
        evidence: all.map { Evidence(score: $0, positive: $0) },
        outcomes: all.map { $0 >= threshold ? .match : .belowThreshold }
    )
    return (images, decisions)
}

/// A file of the categories, for a matrix of all of them.
func exclusiveFile(_ images: LabelledEmbeddings, threshold: Float) -> CategoryFile {
    CategoryFile(categories: images.categories.map { .init(name: $0, positive: [$0], threshold: threshold) })
}
