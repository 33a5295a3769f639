package import CLIPCore

/// Embeds images of a store again and compares the vectors.
///
/// ```swift
/// var check = StoreCheck(rows: try store.sample(count: 100, seed: 1))
/// try await check.run(source: FolderSource(path: "photos"), decoder: decoder, encoder: encoder)
/// print(check.result.equal, check.result.findings)
/// ```
package struct StoreCheck: Sendable {
    /// A problem with a stored row.
    package struct Finding: Sendable, Hashable {
        /// The image's id.
        package let id: String
        /// The problem, in human-readable form.
        package let text: String
    }

    /// The result of a check.
    package struct Result: Sendable, Hashable {
        /// Rows whose images still produce the stored vectors.
        package let equal: Int
        /// The smallest cosine between a stored vector and the one its image produces now; `nil` if no image was
        /// embedded.
        package let leastSimilarity: Float?
        /// The rows with a problem, in store order.
        package let findings: [Finding]
        /// Rows whose images are in none of the sources, although others may have them.
        package let unchecked: Int
    }

    private enum Outcome {
        case absent
        case missing(reason: String)
        case compared(similarity: Float, isChanged: Bool)

        var isMissing: Bool { if case .compared = self { false } else { true } }
    }

    /// The smallest cosine at which two vectors are considered to be of the same image, 0.999.
    ///
    /// Rounding to 16-bit floats changes the cosine by less than 10⁻⁶. In an int8 model, the other images of a batch
    /// change it by less than 10⁻³.
    package static let requiredSimilarity: Float = 0.999

    /// The rows to check.
    package let rows: EmbeddingBlock
    /// The outcome of each row.
    private var outcomes: [Outcome]
    private let mayLackSources: Bool

    /// Creates a check of these rows.
    ///
    /// - Parameters:
    ///   - rows: The rows.
    ///   - mayLackSources: Whether images may be in sources that are no longer known; those in no source are then not
    ///     checked.
    package init(rows: EmbeddingBlock, mayLackSources: Bool = false) {
        self.rows = rows
        self.mayLackSources = mayLackSources
        outcomes = rows.ids.map { _ in .absent }
    }

    /// Whether every row was compared with its image.
    package var isComplete: Bool { !outcomes.contains(where: \.isMissing) }

    /// The result so far.
    package var result: Result {
        var similarities = [Float]()
        var findings = [Finding]()
        var unchecked = 0
        for (id, outcome) in zip(rows.ids, outcomes) {
            switch outcome {
            case .absent where mayLackSources: unchecked += 1
            case .absent: findings.append(Finding(id: id, text: "It is not among the sources."))
            case .missing(let reason):
                findings.append(Finding(id: id, text: reason))
            case .compared(let similarity, let isChanged):
                similarities.append(similarity)
                guard similarity < Self.requiredSimilarity else { continue }
                let advice = isChanged ? "; the file has changed: update the store with 'embed'" : ""
                let text = "The cosine with its stored vector is \(similarity)\(advice)."
                findings.append(Finding(id: id, text: text))
            }
        }
        return Result(
            equal: rows.ids.count - findings.count - unchecked,
            leastSimilarity: similarities.min(),
            findings: findings,
            unchecked: unchecked
        )
    }

    /// Finds the images by their ids, embeds them and compares the vectors.
    ///
    /// May be called for several sources in turn: images that were already compared are skipped.
    ///
    /// - Throws: What ``EmbeddingRun/run(imageCount:control:)`` throws, except if the source has none of the images.
    package mutating func run(
        source: some ImageSource,
        decoder: some ImageDecoder,
        encoder: some ImageEncoder
    ) async throws {
        let rest = rows.ids.indices.filter { outcomes[$0].isMissing }
        let store = MemoryStore(model: encoder.model)
        let chosen = ChosenImages(source: source, ids: ImageIDSet(rest.map { rows.ids[$0] }))
        var options = EmbeddingRun.Options()
        options.allowsEmptySource = true
        let run = EmbeddingRun(source: chosen, decoder: decoder, encoder: encoder, writer: store, options: options)
        try await run.run()
        let now = store.block
        let failures = store.failures
        let matches = Dictionary(uniqueKeysWithValues: zip(now.ids.map { ImageIDKey($0) }, now.ids.indices))
        for row in rest {
            let id = rows.ids[row]
            if let match = matches[ImageIDKey(id)] {
                outcomes[row] = .compared(
                    similarity: rows.embeddings.cosine(row: row, with: now.embeddings, row: match),
                    isChanged: isChanged(row, now.origins[match].version)
                )
            } else if let reason = failures.first(where: { $0.id.utf8.elementsEqual(id.utf8) })?.reason {
                outcomes[row] = .missing(reason: reason)
            }
        }
    }

    private func isChanged(_ row: Int, _ version: String?) -> Bool {
        guard !rows.origins.isEmpty, let stored = rows.origins[row].version, let version else { return false }
        return stored != version
    }
}
