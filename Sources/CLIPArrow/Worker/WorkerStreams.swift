internal import CLIPCore
internal import CLIPPipeline
internal import Synchronization

/// The input and output of a worker.
struct WorkerStreams: Sendable {
    /// What says of each image how it failed, or what is wrong with its file.
    private static let outcomes = ["stage", "reason", "damage"].map { Field(name: $0, kind: .optionalText) }

    /// The roles of the input's columns.
    let columns: WorkerColumns
    private let reader: StreamReader
    private let writer: StreamWriter
    private let answer: WorkerAnswer
    private let maximumRows: Int
    private let batchesRead = Counter()

    /// Waits for the input's schema, and sends the output's.
    ///
    /// - Parameters:
    ///   - input: The descriptor of the input.
    ///   - output: The descriptor of the output.
    ///   - options: The columns and limits.
    ///   - acceptsVectors: Whether the input may have vectors in place of images.
    ///   - answer: Makes the answer; gets the provenance of the input's vectors if it has one.
    /// - Throws: `CLIPError` as ``EmbeddingWorker/run(input:output:control:)``; what `answer` throws.
    init(
        input: Int32,
        output: Int32,
        _ options: EmbeddingWorker.Options,
        acceptsVectors: Bool,
        answer: (_ provenance: Provenance?) throws -> WorkerAnswer
    ) throws {
        reader = try StreamReader(name: "The input", descriptor: input, maximumBytes: options.maximumBytes)
        columns = try WorkerColumns(reader, options, acceptsVectors: acceptsVectors)
        maximumRows = options.maximumRows
        var fields = [Field(name: "id", kind: .text)]
        switch columns.content {
        case .images:
            self.answer = try answer(nil)
            fields += self.answer.fields + Self.outcomes
        case .vectors:
            self.answer = try answer(Provenance(reader))
            fields += self.answer.fields
        }
        writer = try StreamWriter(
            name: "The output",
            descriptor: output,
            fields: fields,
            metadata: self.answer.metadata,
            carrying: reader,
            columns.carried(beside: fields.map(\.name))
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

    /// Sends a record batch with the answers to another one's images.
    ///
    /// - Throws: `CLIPError` with code `storage` or `outOfMemory`; what making the answers throws.
    func write(_ batch: WorkerBatch, _ outcomes: EmbeddedGroup) throws {
        let failures = outcomes.failures
        let rows = WorkerRows(values: outcomes.values, isPresent: failures.map { $0 == nil })
        let columns =
            try answer.columns(batch.ids, rows) + [
                .optionalText(failures.map { $0?.stage.rawValue }),
                .optionalText(failures.map { $0?.reason }),
                .optionalText(outcomes.damage),
            ]
        try writer.write([.text(batch.ids)] + columns, carrying: batch.batch)
    }

    /// Sends a record batch with the answers to another one's vectors.
    ///
    /// - Throws: `CLIPError` as for images.
    func write(_ batch: WorkerBatch, _ rows: WorkerRows) throws {
        try writer.write([.text(batch.ids)] + answer.columns(batch.ids, rows), carrying: batch.batch)
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
