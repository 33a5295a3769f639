internal import CLIPCore

/// A text format of results: one line per image.
protocol ResultLines: Sendable {
    /// The text before the first line.
    var header: TextBuffer { get }

    /// Appends the line of an image.
    func append(_ image: Int, of block: ResultBlock, to text: inout TextBuffer)
}

/// A result file with one line per image.
final class ResultTextFile {
    /// Checks and formats results.
    let prepare: @Sendable (ResultBlock) throws -> PreparedResults
    private let file: OutputFile
    private let buffers: FreeList<TextBuffer>
    private var written: TextBuffer?

    /// Starts a file.
    ///
    /// - Throws: `CLIPError` with code `storage`.
    init(path: String, schema: ResultSchema, lines: some ResultLines) throws {
        let buffers = FreeList<TextBuffer>()
        self.buffers = buffers
        prepare = { block in
            try block.requireFinite(schema)
            var text = buffers.take() ?? TextBuffer()
            text.removeAll()
            for image in block.ids.indices { lines.append(image, of: block, to: &text) }
            return .text(text)
        }
        file = try OutputFile(path: path)
        try file.write(lines.header)
    }

    /// Writes prepared results.
    ///
    /// - Throws: `CLIPError` with code `storage`.
    func write(_ results: PreparedResults) throws {
        guard case .text(let text) = results else { preconditionFailure("a text file takes the text that it prepared") }
        try file.write(text)
        // The caller still holds this text: reused at once, its memory would be copied.
        if let written { buffers.give(written) }
        written = text
    }

    /// Writes everything to disk and gives the file its name.
    ///
    /// - Throws: `CLIPError` with code `storage`.
    func close() throws {
        try file.close()
    }
}
