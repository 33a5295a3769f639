internal import CLIPArrow
internal import CLIPCore
internal import CLIPReport

/// Decisions from a store, or from a file of scores.
struct DecisionSource {
    private enum Input {
        case embeddings(ParquetStore, Classifier)
        case scores(ParquetResults)
    }

    let schema: ResultSchema
    let provenance: Provenance
    private let input: Input

    /// Opens a store or a file of scores.
    ///
    /// - Parameters:
    ///   - path: A store, or a result file with scores.
    ///   - file: The categories.
    ///   - name: The category file's name in error messages.
    ///   - scoring: How images of a store are scored.
    ///   - parts: The parts of each decision to write.
    /// - Throws: `CLIPError` when they do not match the category file.
    init(
        _ path: String,
        _ file: CategoryFile,
        named name: String,
        _ scoring: ScoringOptions,
        parts: [ResultPart]
    ) async throws {
        if ParquetResults.isResultFile(path) {
            let scores = try ParquetResults(path: path)
            try file.requireModel(
                name: scores.provenance.modelName,
                identity: scores.provenance.modelIdentity,
                file: name
            )
            schema = try scores.schema.decided(by: file, name: path, parts: parts)
            provenance = scores.provenance
            input = .scores(scores)
        } else {
            let store = try ParquetStore(path: path)
            let classifier = try await scoring.classifier(file, named: name, for: store)
            schema = classifier.resultSchema(parts: parts)
            provenance = store.provenance
            input = .embeddings(store, classifier)
        }
    }

    /// Calls `body` with the decisions for consecutive blocks of images.
    func forEachBlock(_ body: (_ ids: [String], _ decisions: Decisions) throws -> Void) throws {
        switch input {
        case .embeddings(let store, let classifier):
            try store.forEachBlockInParallel { block in
                (ids: block.ids, decisions: try classifier.classify(block.embeddings))
            } body: { block in
                try body(block.ids, block.decisions)
            }
        case .scores(let scores):
            let limits = DecisionLimits(schema)
            try scores.forEachBlock(rows: 4096) { try body($0, limits.decide($1)) }
        }
    }
}
