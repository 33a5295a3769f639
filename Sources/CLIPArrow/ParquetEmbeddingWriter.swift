public import CLIPCore

/// Writes a store of embeddings: a folder of Parquet files.
///
/// `part-00000.parquet` and so on have the columns `id` (text) and `embedding` (fixed-size list of 32-bit floats), and the
/// model's identity in their metadata; pandas, Polars, DuckDB and Spark read them as they are. `rejects.parquet` has the
/// columns `id`, `stage` and `reason`. Each file is complete or absent.
public actor ParquetEmbeddingWriter: EmbeddingWriter {
    private static let rejectFields = ["id", "stage", "reason"].map { Field(name: $0, kind: .text) }
    private static let rejectsPerWrite = 1024

    private let layout: StoreLayout
    private var lock: StoreLock?
    private let fields: [Field]
    private let metadata: [(key: String, value: String)]
    private let rowsPerPart: Int
    private var part: ParquetFileWriter?
    private var partCount = 0
    private var rowsInPart = 0
    private var rejects: ParquetFileWriter
    private var pendingRejects = [RejectedImage]()

    /// Starts a store in a folder that holds none, and creates the folder.
    ///
    /// - Parameters:
    ///   - folder: The store's folder.
    ///   - provenance: Where the vectors come from.
    ///   - rowsPerPart: Vectors in one file at most.
    /// - Throws: ``CLIPError`` with code `storage` when the folder cannot be written, holds a store already, or another
    ///   run is writing to it.
    public init(folder: String, provenance: Provenance, rowsPerPart: Int = 50_000) throws {
        precondition(rowsPerPart > 0, "a part has at least one row")
        let layout = StoreLayout(folder: folder)
        guard try layout.parts().isEmpty else {
            let state = layout.isComplete ? "already holds embeddings" : "holds the embeddings of an interrupted run"
            throw CLIPError(.storage, "\(folder) \(state). Choose another folder, or remove this one first.")
        }
        try layout.create()
        lock = try StoreLock(folder: folder)
        try layout.removeLeftovers()
        self.layout = layout
        self.rowsPerPart = rowsPerPart
        fields = [
            Field(name: StoreLayout.idColumn, kind: .text),
            Field(name: StoreLayout.embeddingColumn, kind: .vectors(dimension: provenance.dimension)),
        ]
        metadata = provenance.metadata
        rejects = try ParquetFileWriter(
            path: layout.rejects,
            fields: Self.rejectFields,
            metadata: metadata,
            options: .init(dictionary: true)
        )
    }

    /// Stores vectors.
    ///
    /// - Throws: ``CLIPError`` with code `storage`.
    public func append(_ block: EmbeddingBlock) throws {
        var rest = 0..<block.ids.count
        while !rest.isEmpty {
            let rows = rest.prefix(rowsPerPart - rowsInPart)
            let piece = block.rows(rows)
            let part = try part ?? startPart()
            try part.write([
                .text(piece.ids), .vectors(piece.embeddings.values, dimension: piece.embeddings.dimension),
            ])
            rowsInPart += rows.count
            if rowsInPart == rowsPerPart { try closePart() }
            rest = rows.upperBound..<rest.upperBound
        }
    }

    /// Records an image that could not be embedded.
    ///
    /// - Throws: ``CLIPError`` with code `storage`.
    public func reject(_ image: RejectedImage) throws {
        pendingRejects.append(image)
        if pendingRejects.count == Self.rejectsPerWrite { try writeRejects() }
    }

    /// Makes everything durable and gives the files their names.
    ///
    /// - Throws: ``CLIPError`` with code `storage`.
    public func finish() throws {
        if part == nil && partCount == 0 { _ = try startPart() }
        try closePart()
        try writeRejects()
        try rejects.close()
        lock = nil
    }

    private func startPart() throws -> ParquetFileWriter {
        let part = try ParquetFileWriter(path: layout.part(partCount), fields: fields, metadata: metadata)
        self.part = part
        return part
    }

    private func closePart() throws {
        guard let part else { return }
        try part.close()
        self.part = nil
        partCount += 1
        rowsInPart = 0
    }

    private func writeRejects() throws {
        try rejects.write([
            .text(pendingRejects.map(\.id)),
            .text(pendingRejects.map(\.stage.rawValue)),
            .text(pendingRejects.map(\.reason)),
        ])
        pendingRejects = []
    }
}
