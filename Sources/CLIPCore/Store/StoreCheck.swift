/// Embeds stored images again and compares the vectors.
public struct StoreCheck: Sendable {
    /// What is wrong with a stored row.
    public struct Finding: Sendable, Hashable {
        /// The image's id.
        public let id: String
        /// What is wrong, for a person.
        public let text: String
    }

    /// What a check found.
    public struct Result: Sendable, Hashable {
        /// Rows that the images give again.
        public let equal: Int
        /// The smallest cosine between a stored vector and the one that its image gives now; `nil` when none was made.
        public let leastSimilarity: Float?
        /// The other rows, in their order in the store.
        public let findings: [Finding]
    }

    /// The cosine that tells that two vectors are of the same image, 0.999.
    ///
    /// Rounding to 16-bit floats changes the cosine by less than 10⁻⁶, and the other images of a batch change it by less
    /// than 10⁻³ in a model of 8-bit integers.
    public static let requiredSimilarity: Float = 0.999

    /// The rows to check.
    public let rows: EmbeddingBlock

    /// Chooses what to check.
    public init(rows: EmbeddingBlock) {
        self.rows = rows
    }

    /// Finds the images by their ids, embeds them and compares.
    ///
    /// - Throws: What ``EmbeddingRun/run(imageCount:control:onEvent:)`` throws.
    public func run(
        source: some ImageSource,
        decoder: some ImageDecoder,
        encoder: some ImageEncoder
    ) async throws -> Result {
        let store = MemoryStore(model: encoder.model)
        let chosen = ChosenImages(source: source, ids: ImageIDSet(rows.ids))
        _ = try await EmbeddingRun(source: chosen, decoder: decoder, encoder: encoder, writer: store).run()
        let now = await store.contents().block
        let rejected = await store.rejected
        var similarities = [Float]()
        let matches = Dictionary(uniqueKeysWithValues: zip(now.ids.map { ImageIDKey($0) }, now.ids.indices))
        let findings = rows.ids.indices.compactMap { row -> Finding? in
            let id = rows.ids[row]
            guard let match = matches[ImageIDKey(id)] else {
                let reason = rejected.first { $0.id.utf8.elementsEqual(id.utf8) }?.reason
                return Finding(id: id, text: reason ?? "It is not among the sources.")
            }
            let similarity = rows.embeddings.cosine(row: row, with: now.embeddings, row: match)
            similarities.append(similarity)
            guard similarity < Self.requiredSimilarity else { return nil }
            let isChanged = changed(row, now.origins[match].version)
            let advice = isChanged ? "; the file was changed since, run 'embed' again" : ""
            return Finding(id: id, text: "The cosine with its stored vector is \(similarity)\(advice).")
        }
        return Result(
            equal: rows.ids.count - findings.count,
            leastSimilarity: similarities.min(),
            findings: findings
        )
    }

    private func changed(_ row: Int, _ version: String?) -> Bool {
        guard !rows.origins.isEmpty, let stored = rows.origins[row].version, let version else { return false }
        return stored != version
    }
}
