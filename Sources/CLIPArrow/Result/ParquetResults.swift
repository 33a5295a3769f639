public import CLIPCore
package import CLIPReport

/// Reads a result file written by ``ParquetResultWriter``.
public struct ParquetResults: Sendable {
    /// Path of the file.
    package let path: String
    /// The contents of the file, and how its scores were computed.
    package let schema: ResultSchema
    /// The origin of the embeddings.
    public let provenance: Provenance
    private let file: ParquetFileReader

    /// Number of images.
    package var count: Int { file.rowCount }

    /// Opens a file.
    ///
    /// - Throws: `CLIPError` with code `notFound`, or `corruptData` if it is not a result file.
    public init(path: String) throws {
        file = try ParquetFileReader(path: path)
        schema = try ResultSchema(file)
        provenance = try Provenance(file)
        self.path = path
    }

    /// Whether a file has the extension of a result file that this type can read.
    package static func isResultFile(_ path: String) -> Bool {
        (try? PathKind(path)) == .file && path.lowercased().hasSuffix(".parquet")
    }

    /// The ids of all images, read without their scores.
    ///
    /// - Throws: `CLIPError` with code `corruptData`.
    package func imageIDs() throws -> ImageIDSet {
        var ids = ImageIDSet()
        try file.forEachBatch(columns: ["id"], rows: 8192) { batch in
            for id in try batch.texts("id") { ids.insert(id) }
        }
        return ids
    }

    /// Calls `body` with consecutive blocks of at most `rows` images: their ids and the evidence for each category.
    ///
    /// - Throws: `CLIPError` with code `notFound` if the file has no scores, or lacks a similarity that decisions need,
    ///   `corruptData`, or `invalidEmbeddings` if a score, or a part of it, is not finite; what `body` throws.
    package func forEachBlock(rows: Int, _ body: (_ ids: [String], _ evidence: [Evidence]) throws -> Void) throws {
        guard schema.categories.allSatisfy({ $0.parts.contains(.score) && $0.parts.contains(.positive) }) else {
            throw CLIPError(
                .notFound,
                "\(path) has decisions but no scores. Create it again without --decisions-only, or with 'score'."
            )
        }
        let bare = schema.categories.first { $0.definition.needsNeutral && !$0.parts.contains(.neutral) }
        if let category = bare {
            throw CLIPError(
                .notFound,
                "\(path) has scores of the category '\(category.name)' without the similarities to the neutral descriptions, "
                    + "which decisions need. Create it again with all parts of a decision (ResultPart.decision)."
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
                + "finite number. The file was modified or is damaged: create it again."
        )
    }

    /// Calls `body` with consecutive blocks of at most `rows` images and the decisions on them.
    ///
    /// - Parameters:
    ///   - rows: The maximum number of images per block.
    ///   - file: The thresholds and margin to decide with; `nil` for those of the result file. Categories, rules
    ///     (including custom ones) and descriptions must be those that the images were scored with.
    ///   - body: Takes the decisions of a block.
    /// - Throws: `CLIPError` with code `invalidCategoryFile` if `file` has other categories, rules or descriptions,
    ///   `modelMismatch` if it was calibrated for another model; `notFound` if the result file has no scores, or lacks a
    ///   similarity that decisions need, `corruptData`, or `invalidEmbeddings` if a score, or a part of it, is not
    ///   finite; what `body` throws.
    public func forEachDecision(
        rows: Int,
        by file: CategoryFile? = nil,
        _ body: (Decisions) throws -> Void
    ) throws {
        try file?.requireModel(name: provenance.modelName, identity: provenance.modelIdentity)
        let limits = DecisionLimits(try file.map { try schema.decided(by: $0, name: path) } ?? schema)
        try forEachBlock(rows: rows) { ids, evidence in
            try body(limits.decide(evidence, ids: ids))
        }
    }
}
