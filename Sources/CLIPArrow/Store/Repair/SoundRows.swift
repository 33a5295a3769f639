internal import CLIPCore

/// Reads a part to its end, past damage as far as possible.
///
/// Every page is compared with its checksum, and every vector with length 1.
struct SoundRows {
    /// The number of rows that can be read.
    private(set) var count = 0
    /// The ids of the images whose rows cannot be read.
    private(set) var lostIDs = [String]()
    /// The number of rows of which not even the id can be read; `nil` if the file does not say how many there are.
    private(set) var unknownCount: Int? = 0
    /// What is wrong with the file; `nil` if it is sound.
    private(set) var damage: CLIPError?

    /// As few rows are lost with a damaged page as the vectors of one page, or a few more.
    private static let rowsPerBlock = 256

    /// Reads a part.
    ///
    /// - Parameters:
    ///   - path: The part.
    ///   - body: Called with consecutive blocks of sound rows, with origins.
    /// - Throws: `CLIPError` with code `notFound`, or `unreadable` if the file cannot be opened; what `body` throws.
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
        do {
            try schema.forEachPendingBlock(of: file, rows: Self.rowsPerBlock, origins: true) { pending in
                guard let block = sound(pending, path: path) else { return }
                count += block.ids.count
                try body(block)
            }
        } catch let error as CLIPError where Self.isDamage(error) {
            damage = damage ?? error
            loseRest(of: file)
        }
    }

    /// The rows of a block; `nil` if they cannot be read.
    private mutating func sound(_ pending: PendingBlock, path: String) -> EmbeddingBlock? {
        do {
            let block = try pending.read()
            var checked = block
            try checked.requireUnitLength(store: path)
            return block
        } catch {
            damage = damage ?? error as? CLIPError ?? CLIPError(.corruptData, "\(path): cannot read.", cause: error)
            lostIDs += pending.ids
            return nil
        }
    }

    /// Counts the rows after the last block as lost, and reads their ids if possible.
    private mutating func loseRest(of file: ParquetFileReader) {
        let known = count + lostIDs.count
        var position = 0
        try? file.forEachBatch(columns: [StoreSchema.idColumn], rows: Self.rowsPerBlock) { batch in
            let ids = try batch.texts(StoreSchema.idColumn)
            lostIDs += ids.dropFirst(max(known - position, 0))
            position += ids.count
        }
        unknownCount = file.rowCount - count - lostIDs.count
    }

    private static func isDamage(_ error: CLIPError) -> Bool {
        [.corruptData, .unreadable, .invalidEmbeddings].contains(error.code)
    }
}
