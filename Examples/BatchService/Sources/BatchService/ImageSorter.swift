import CLIPCore
import CLIPPipeline

/// Sorts images into categories without storing anything.
struct ImageSorter: Sendable {
    let embedder: ImageEmbedder
    let classifier: Classifier

    /// One answer per image, in order.
    func answers(to images: [ImageReference]) async -> [Answer] {
        do {
            return zip(images, try await embedder.embed(images)).map(answer)
        } catch {
            return images.map { Answer(id: $0.id, error: error) }
        }
    }

    private func answer(to image: ImageReference, _ vector: Result<[Float], CLIPError>) -> Answer {
        do {
            let vectors = EmbeddingMatrix(rows: [try vector.get()])
            return Answer(try classifier.classify(vectors, ids: [image.id])[0])
        } catch {
            return Answer(id: image.id, error: error)
        }
    }
}
