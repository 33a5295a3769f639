public import CLIPCore

/// Reads a result file that ``ParquetResultWriter`` wrote.
public struct ParquetResults: Sendable {
    /// Path of the file.
    public let path: String
    /// What the file holds, and what its scores were made with.
    public let schema: ResultSchema
    /// Where the embeddings came from.
    public let provenance: Provenance
    private let file: ParquetFileReader

    /// Number of images.
    public var count: Int { file.rowCount }

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
    public static func isResultFile(_ path: String) -> Bool {
        (try? PathKind(path)) == .file && path.lowercased().hasSuffix(".parquet")
    }

    /// Calls `body` with consecutive blocks of at most `rows` images: their ids and the evidence for each category.
    ///
    /// - Throws: `CLIPError` with code `notFound` when the file has no scores, `corruptData`, or `invalidEmbeddings` when
    ///   a score is not a number; what `body` throws.
    public func forEachBlock(rows: Int, _ body: (_ ids: [String], _ evidence: [Evidence]) throws -> Void) throws {
        guard schema.categories.allSatisfy({ $0.parts.contains(.score) && $0.parts.contains(.positive) }) else {
            throw CLIPError(
                .notFound,
                "\(path) has decisions and no scores. Make it again without --decisions-only, or with 'score'."
            )
        }
        let parts: Set<ResultPart> = [.score, .positive, .negative, .neutral]
        let columns = schema.columns.filter { parts.contains($0.part) }
        try file.forEachBatch(columns: ["id"] + columns.map(\.name), rows: rows) { batch in
            let ids = try batch.texts("id")
            let count = schema.categories.count
            var evidence = [Evidence](repeating: Evidence(score: .nan, positive: .nan), count: ids.count * count)
            for column in columns {
                for (image, value) in try batch.floats(column.name).enumerated() {
                    evidence[image * count + column.category].set(column.part, to: value)
                }
            }
            try requireNumbers(evidence, ids: ids)
            try body(ids, evidence)
        }
    }

    private func requireNumbers(_ evidence: [Evidence], ids: [String]) throws {
        guard let index = evidence.firstIndex(where: { $0.score.isNaN || $0.positive.isNaN }) else { return }
        let (image, category) = index.quotientAndRemainder(dividingBy: schema.categories.count)
        throw CLIPError(
            .invalidEmbeddings,
            "\(path): the score of '\(ids[image])' for category '\(schema.categories[category].name)' is not a number. The file "
                + "was changed or is damaged: make it again."
        )
    }

    /// Calls `body` with consecutive blocks of at most `rows` images and the decisions that the file's thresholds and
    /// margin make.
    ///
    /// - Throws: `CLIPError` with code `notFound` when the file has no scores, `corruptData`, or `invalidEmbeddings` when
    ///   a score is not a number; what `body` throws.
    public func forEachDecision(rows: Int, _ body: (_ ids: [String], _ decisions: Decisions) throws -> Void) throws {
        let limits = DecisionLimits(schema)
        try forEachBlock(rows: rows) { ids, evidence in
            try body(ids, limits.decide(evidence))
        }
    }
}

extension Evidence {
    fileprivate mutating func set(_ part: ResultPart, to value: Float) {
        switch part {
        case .score: score = value
        case .positive: positive = value
        case .negative: negative = value
        case .neutral: neutral = value
        case .outcome, .margin, .bestPrompt: break
        }
    }
}
