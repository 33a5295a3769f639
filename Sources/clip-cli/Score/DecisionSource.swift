internal import ArgumentParser
internal import CLIPArrow
internal import CLIPCore
internal import CLIPReport

/// Decisions from a store, or from a file of scores.
struct DecisionSource {
    private enum Input {
        case embeddings(ParquetStore, Classifier)
        case scores(ParquetResults)
    }

    private(set) var schema: ResultSchema
    /// The path of the store or file.
    let name: String
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
    ///   - leavesOutExemplars: Whether exemplars are of use even if scores are computed: their labels are left out.
    /// - Throws: `CLIPError` when they do not match the category file; `ValidationError` when exemplars are named for
    ///   scores that are computed already.
    init(
        _ path: String,
        _ file: CategoryFile,
        named name: String,
        _ scoring: ScoringOptions,
        parts: [ResultPart],
        leavesOutExemplars: Bool = false
    ) async throws {
        if ParquetResults.isResultFile(path) {
            guard leavesOutExemplars || scoring.exemplars.exemplars == nil else {
                throw ValidationError(
                    "--exemplars has no effect on scores that are computed already: classify the store, or remove the option."
                )
            }
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
            try Self.requireNoText(path)
            let store = try ParquetStore(path: path)
            let classifier = try await scoring.classifier(file, named: name, for: store)
            schema = classifier.resultSchema(parts: parts)
            provenance = store.provenance
            input = .embeddings(store, classifier)
        }
        schema.categoryFile = name
        self.name = path
    }

    /// Scores in text files have lost digits and do not say how they were computed.
    private static func requireNoText(_ path: String) throws {
        let isText = ["csv", "jsonl"].contains { path.lowercased().hasSuffix(".\($0)") }
        guard isText, (try? PathKind(path)) == .file else { return }
        throw CLIPError(
            .unsupportedFormat,
            "\(path): only scores in a Parquet file can be read. Name the store, or write the scores with "
                + "'score --output scores.parquet'."
        )
    }

    /// Decides for consecutive blocks of images, several in parallel, and transforms the decisions.
    ///
    /// `body` receives the results in order, on the calling thread.
    func forEachBlock<Value: Sendable>(
        _ transform: @escaping @Sendable (_ ids: [String], _ decisions: Decisions) throws -> Value,
        body: (Value) throws -> Void
    ) throws {
        switch input {
        case .embeddings(let store, let classifier):
            try store.forEachBlockInParallel { block in
                try transform(block.ids, classifier.classify(block.embeddings))
            } body: { value in
                try body(value)
            }
        case .scores(let scores):
            let limits = DecisionLimits(schema)
            try OrderedWork.run { add in
                try scores.forEachBlock(rows: 2048) { ids, evidence in
                    try add { try transform(ids, limits.decide(evidence)) }
                }
            } body: { value in
                try body(value)
            }
        }
    }
}
