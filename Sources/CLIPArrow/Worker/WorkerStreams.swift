internal import CLIPCore
internal import CLIPPipeline
internal import Synchronization

/// The input and output of a worker.
struct WorkerStreams: Sendable {
    /// The roles of the input's columns.
    let columns: WorkerColumns
    private let reader: StreamReader
    private let writer: StreamWriter
    private let dimension: Int
    private let maximumRows: Int
    private let batchesRead = Counter()

    /// Waits for the input's schema, and sends the output's.
    ///
    /// - Parameters:
    ///   - input: The descriptor of the input.
    ///   - output: The descriptor of the output.
    ///   - provenance: How the vectors are made.
    ///   - options: The columns and limits.
    /// - Throws: `CLIPError` as ``EmbeddingWorker/run(input:output:control:)``.
    init(input: Int32, output: Int32, provenance: Provenance, options: EmbeddingWorker.Options) throws {
        reader = try StreamReader(name: "The input", descriptor: input, maximumBytes: options.maximumBytes)
        columns = try WorkerColumns(reader, idColumn: options.idColumn, imageColumn: options.imageColumn)
        dimension = provenance.dimension
        maximumRows = options.maximumRows
        writer = try StreamWriter(
            name: "The output",
            descriptor: output,
            fields: [
                Field(name: "id", kind: .text),
                Field(name: "embedding", kind: .optionalVectors(dimension: dimension)),
                Field(name: "stage", kind: .optionalText),
                Field(name: "reason", kind: .optionalText),
                Field(name: "damage", kind: .optionalText),
            ],
            metadata: provenance.metadata,
            carrying: reader,
            columns.carried
        )
    }

    /// Waits for the next record batch; `nil` at the end.
    ///
    /// - Throws: `CLIPError` with code `limitExceeded` if it has too many rows, `corruptData` if one has no id; what
    ///   reading throws.
    func next() throws -> WorkerBatch? {
        guard let batch = try reader.next() else { return nil }
        let place = "\(reader.name), record batch \(batchesRead.next())"
        guard batch.count <= maximumRows else {
            throw CLIPError(
                .limitExceeded,
                "\(place) has \(batch.count) rows, more than the maximum of \(maximumRows). Send smaller record batches."
            )
        }
        return try WorkerBatch(batch, columns: columns, place: place)
    }

    /// Sends a record batch with the outcomes of another one's rows.
    ///
    /// - Throws: `CLIPError` with code `storage` or `outOfMemory`.
    func write(_ batch: WorkerBatch, _ outcomes: EmbeddedGroup) throws {
        let failures = outcomes.failures
        try writer.write(
            [
                .text(batch.ids),
                .optionalVectors(outcomes.values, dimension: dimension, isPresent: failures.map { $0 == nil }),
                .optionalText(failures.map { $0?.stage.rawValue }),
                .optionalText(failures.map { $0?.reason }),
                .optionalText(outcomes.damage),
            ],
            carrying: batch.batch
        )
    }

    /// Sends the end mark.
    ///
    /// - Throws: `CLIPError` with code `storage`.
    func close() throws {
        try writer.close()
    }
}

/// Numbers from 1.
private final class Counter: Sendable {
    private let last = Mutex(0)

    func next() -> Int {
        last.withLock {
            $0 += 1
            return $0
        }
    }
}
