internal import CLIPCore

/// Reads a part to its end, past damage as far as possible.
///
/// Every page is compared with its checksum, and every vector with length 1. A vector of another length costs its row, a
/// damaged page of vectors the rows in it. After any other damage, such as that of a page of ids, the rest of the row group
/// is lost.
struct SoundRows {
    /// The number of rows that can be read.
    private(set) var count = 0
    /// The ids of the images whose rows cannot be read.
    private(set) var lostIDs = [String]()
    /// The number of rows of which not even the id can be read; `nil` if the file does not say how many there are.
    private(set) var unknownCount: Int? = 0
    /// What is wrong with the file; `nil` if it is sound.
    private(set) var damage: CLIPError?

    /// With a damaged page of vectors, fewer rows than this before and after its own are lost.
    private static let rowsPerBlock = 256

    /// The properties of a part's vectors; `nil` if they cannot be read because of damage.
    ///
    /// - Throws: `CLIPError` with code `notFound`, or `unreadable` if the file cannot be read.
    static func identity(path: String) throws -> StoreIdentity? {
        do {
            return try StoreIdentity(ParquetFileReader(path: path))
        } catch let error as CLIPError where error.code == .corruptData {
            return nil
        }
    }

    /// Reads a part.
    ///
    /// - Parameters:
    ///   - path: The part.
    ///   - body: Called with consecutive blocks of sound rows, with origins.
    /// - Throws: `CLIPError` with code `notFound`, or `unreadable` if the system cannot read the file, which may pass; what
    ///   `body` throws.
    init(path: String, _ body: (EmbeddingBlock) throws -> Void = { _ in }) throws {
        let file: ParquetFileReader
        let schema: StoreSchema
        do {
            file = try ParquetFileReader(path: path)
            schema = try StoreIdentity(file).schema
        } catch let error as CLIPError where error.code == .corruptData {
            damage = error
            unknownCount = nil
            return
        }
        for position in 0..<file.rowGroupCount {
            try read(file.rowGroup(position), schema, body)
        }
    }

    /// Reads a row group, past damage as far as possible.
    private mutating func read(
        _ group: ParquetFileReader,
        _ schema: StoreSchema,
        _ body: (EmbeddingBlock) throws -> Void
    ) throws {
        let earlier = count + lostIDs.count
        do {
            try schema.forEachPendingBlock(of: group, rows: Self.rowsPerBlock, origins: true) { pending in
                guard let block = try sound(pending, path: group.path) else { return }
                count += block.ids.count
                try body(block)
            }
        } catch let error as CLIPError where Self.isDamage(error) {
            damage = damage ?? error
            try loseRest(of: group, from: count + lostIDs.count - earlier)
        }
    }

    /// The sound rows of a block; `nil` if there are none.
    private mutating func sound(_ pending: PendingBlock, path: String) throws -> EmbeddingBlock? {
        let block: EmbeddingBlock
        do {
            block = try pending.read()
        } catch let error as CLIPError where Self.isDamage(error) {
            damage = damage ?? error
            lostIDs += pending.ids
            return nil
        }
        do {
            var checked = block
            try checked.requireUnitLength(store: path)
            return block
        } catch let error as CLIPError where error.code == .invalidEmbeddings {
            damage = damage ?? error
        }
        let rows = block.ids.indices.filter { block.rows([$0]).embeddings.firstRowNotOfUnitLength() == nil }
        let kept = Set(rows)
        lostIDs += block.ids.indices.filter { !kept.contains($0) }.map { block.ids[$0] }
        return rows.isEmpty ? nil : block.rows(rows)
    }

    /// Counts the rows of a row group from a position on as lost, and reads their ids if possible.
    private mutating func loseRest(of group: ParquetFileReader, from start: Int) throws {
        var position = 0
        do {
            try group.forEachBatch(columns: [StoreSchema.idColumn], rows: Self.rowsPerBlock) { batch in
                let ids = try batch.texts(StoreSchema.idColumn)
                lostIDs += ids.dropFirst(max(start - position, 0))
                position += ids.count
            }
        } catch let error as CLIPError where Self.isDamage(error) {
            // The ids after the damage stay unknown.
        }
        unknownCount = unknownCount.map { $0 + group.rowCount - max(start, position) }
    }

    /// Whether an error of an open file is damage.
    ///
    /// `notFound` is a missing column. Others, such as a lack of memory, may pass.
    private static func isDamage(_ error: CLIPError) -> Bool {
        [.corruptData, .invalidEmbeddings, .notFound].contains(error.code)
    }
}
