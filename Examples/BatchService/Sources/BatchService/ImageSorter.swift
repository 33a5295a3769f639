import CLIPCore

/// Sorts images into categories without storing anything.
struct ImageSorter: Sendable {
    let embedder: ImageEmbedder
    let classifier: Classifier

    /// One answer an image, in their order.
    func answers(to images: [ImageReference]) async -> [Answer] {
        do {
            return zip(images, try await embedder.embed(images)).map(answer)
        } catch {
            return images.map { Answer(id: $0.id, error: error) }
        }
    }

    private func answer(to image: ImageReference, _ vector: Result<[Float], CLIPError>) -> Answer {
        do {
            let vector = try vector.get()
            let decisions = try classifier.classify(EmbeddingMatrix(dimension: vector.count, values: vector))
            return Answer(id: image.id, decisions, image: 0, names: classifier.bank.layout.categories.map(\.name))
        } catch {
            return Answer(id: image.id, error: error)
        }
    }
}
