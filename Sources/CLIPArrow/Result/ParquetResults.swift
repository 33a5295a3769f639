public import CLIPCore
package import CLIPReport

/// Reads a result file that ``ParquetResultWriter`` wrote.
public struct ParquetResults: Sendable {
    /// Path of the file.
    package let path: String
    /// What the file holds, and what its scores were made with.
    package let schema: ResultSchema
    /// Where the embeddings came from.
    public let provenance: Provenance
    private let file: ParquetFileReader

    /// Number of images.
    package var count: Int { file.rowCount }

    /// Opens a file.
    ///
    /// - Throws: `CLIPError` with code `notFound`, or `corruptData` when it is no result file.
    public init(path: String) throws {
        file = try ParquetFileReader(path: path)
        schema = try ResultSchema(file)
        provenance = try Provenance(file)
        self.path = path
    }

    /// Whether a file is called like one that this type reads.
    package static func isResultFile(_ path: String) -> Bool {
        (try? PathKind(path)) == .file && path.lowercased().hasSuffix(".parquet")
    }

    /// Calls `body` with consecutive blocks of at most `rows` images: their ids and the evidence for each category.
    ///
    /// - Throws: `CLIPError` with code `notFound` when the file has no scores, or lacks what they are decided with,
    ///   `corruptData`, or `invalidEmbeddings` when a score, or a part of it, is not finite; what `body` throws.
    package func forEachBlock(rows: Int, _ body: (_ ids: [String], _ evidence: [Evidence]) throws -> Void) throws {
        guard schema.categories.allSatisfy({ $0.parts.contains(.score) && $0.parts.contains(.positive) }) else {
            throw CLIPError(
                .notFound,
                "\(path) has decisions and no scores. Make it again without --decisions-only, or with 'score'."
            )
        }
        let bare = schema.categories.first { $0.definition.needsNeutral && !$0.parts.contains(.neutral) }
        if let category = bare {
            throw CLIPError(
                .notFound,
                "\(path) has scores of the category '\(category.name)' without the similarities to the neutral descriptions, "
                    + "which decide together with them. Make it again with all that a decision needs (ResultPart.decision)."
            )
        }
        let parts: Set<ResultPart> = [.score, .positive, .negative, .neutral]
        let columns = schema.columns.filter { parts.contains($0.part) }
        try file.forEachBatch(columns: ["id"] + columns.map(\.name), rows: rows) { batch in
            let ids = try batch.texts("id")
            let count = schema.categories.count
            var evidence = [Evidence](repeating: Evidence(score: .nan, positive: .nan), count: ids.count * count)
            for column in columns {
                func set<Value>(_ values: some Collection<Value>, _ assign: (inout Evidence, Value) -> Void) {
                    for (image, value) in values.enumerated() {
                        assign(&evidence[image * count + column.category], value)
                    }
                }
                switch column.part {
                case .score: set(try batch.floats(column.name)) { $0.score = $1 }
                case .positive: set(try batch.floats(column.name)) { $0.positive = $1 }
                case .negative: set(try batch.optionalFloats(column.name)) { $0.negative = $1 }
                case .neutral: set(try batch.optionalFloats(column.name)) { $0.neutral = $1 }
                case .outcome, .margin, .bestPrompt: break
                }
            }
            try requireNumbers(evidence, ids: ids)
            try body(ids, evidence)
        }
    }

    private func requireNumbers(_ evidence: [Evidence], ids: [String]) throws {
        guard let index = evidence.firstIndex(where: { !$0.isFinite }) else { return }
        let (image, category) = index.quotientAndRemainder(dividingBy: schema.categories.count)
        throw CLIPError(
            .invalidEmbeddings,
            "\(path): the score of '\(ids[image])' for category '\(schema.categories[category].name)', or a part of it, is not a "
                + "finite number. The file was changed or is damaged: make it again."
        )
    }

    /// Calls `body` with consecutive blocks of at most `rows` images and the decisions that the file's thresholds and
    /// margin make.
    ///
    /// - Throws: `CLIPError` with code `notFound` when the file has no scores, or lacks what they are decided with,
    ///   `corruptData`, or `invalidEmbeddings` when a score, or a part of it, is not finite; what `body` throws.
    public func forEachDecision(rows: Int, _ body: (Decisions) throws -> Void) throws {
        let limits = DecisionLimits(schema)
        try forEachBlock(rows: rows) { ids, evidence in
            try body(limits.decide(evidence, ids: ids))
        }
    }
}
