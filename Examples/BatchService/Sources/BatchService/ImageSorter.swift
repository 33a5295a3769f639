import CLIPCore

/// Sorts images into categories without storing anything.
struct ImageSorter: Sendable {
    let decoder: any ImageDecoder
    let encoder: any ImageEncoder
    let classifier: Classifier

    private var names: [String] { classifier.bank.layout.categories.map(\.name) }

    /// One answer an image, in their order.
    func answers(to images: [ImageReference]) async -> [Answer] {
        let prepared = await prepare(images)
        do {
            let decisions = try await classify(prepared.compactMap { try? $0.get() })
            var row = 0
            return zip(images, prepared).map { image, pixels in
                switch pixels {
                case .failure(let error):
                    return Answer(id: image.id, error: error)
                case .success:
                    defer { row += 1 }
                    return Answer(id: image.id, decisions, image: row, names: names)
                }
            }
        } catch {
            return images.map { Answer(id: $0.id, error: error) }
        }
    }

    /// Reads, decodes and preprocesses all images at once.
    private func prepare(_ images: [ImageReference]) async -> [Result<[UInt8], any Error>] {
        let preprocessor = ImagePreprocessor(spec: encoder.model.preprocessing)
        return await withTaskGroup(of: (Int, Result<[UInt8], any Error>).self) { group in
            var results = [Result<[UInt8], any Error>](repeating: .success([]), count: images.count)
            for (position, image) in images.enumerated() {
                group.addTask {
                    do {
                        let pixels = try preprocessor.preprocess(decoder.decode(await image.bytes()))
                        return (position, .success(pixels))
                    } catch {
                        return (position, .failure(error))
                    }
                }
            }
            for await (position, result) in group { results[position] = result }
            return results
        }
    }

    private func classify(_ images: [[UInt8]]) async throws -> Decisions {
        let spec = encoder.model.preprocessing
        var batch = ImageBatch(height: spec.height, width: spec.width, capacity: images.count)
        for image in images { batch.append(image) }
        guard batch.count > 0 else {
            return Decisions(imageCount: 0, categoryCount: names.count, evidence: [], outcomes: [])
        }
        return try classifier.classify(await encoder.encode(batch))
    }
}
