internal import CLIPCore
internal import Synchronization

/// A text format of results: one line per image.
protocol ResultLines: Sendable {
    /// The text before the first line.
    var header: TextBuffer { get }

    /// Appends the lines of consecutive images.
    func append(_ images: Range<Int>, of block: ResultBlock, to text: inout TextBuffer)
}

/// A result file with one line per image.
final class ResultTextFile {
    /// The number of lines to format at a time.
    private static let linesAtATime = 256

    private let formatter: Formatter
    private let file: OutputFile
    /// The last text written.
    private var written: TextBuffer?

    /// Checks and formats results, on any thread.
    var prepare: @Sendable (ResultBlock) throws -> PreparedResults {
        { [formatter] block in
            try block.requireFinite(formatter.schema)
            return .text(formatter.text(of: block, images: block.ids.indices))
        }
    }

    /// Starts a file.
    ///
    /// - Throws: `CLIPError` with code `storage`.
    init(path: String, schema: ResultSchema, lines: some ResultLines) throws {
        formatter = Formatter(schema: schema, lines: lines)
        file = try OutputFile(path: path)
        try file.write(lines.header)
    }

    /// Formats results on all CPU cores and writes them.
    ///
    /// - Throws: `CLIPError` with code `storage`, or `invalidEmbeddings` when a score, or a part of it, is not finite.
    func write(_ block: ResultBlock) throws {
        try block.requireFinite(formatter.schema)
        let count = block.ids.count
        let texts = Mutex([Int: TextBuffer]())
        Parallel.forEachRange(of: count, minimum: Self.linesAtATime) { images in
            let text = formatter.text(of: block, images: images)
            texts.withLock { $0[images.lowerBound] = text }
        }
        for (_, text) in texts.withLock({ $0.sorted { $0.key < $1.key } }) { try write(text) }
    }

    /// Writes prepared results.
    ///
    /// - Throws: `CLIPError` with code `storage`.
    func write(_ results: PreparedResults) throws {
        guard case .text(let text) = results else { preconditionFailure("a text file takes the text that it prepared") }
        try write(text)
    }

    private func write(_ text: TextBuffer) throws {
        try file.write(text)
        // The caller still holds this text: reused at once, its memory would be copied.
        if let written { formatter.buffers.give(written) }
        written = text
    }

    /// Writes everything to disk and gives the file its name.
    ///
    /// - Throws: `CLIPError` with code `storage`.
    func close() throws {
        try file.close()
    }
}

/// Formats results into reused memory.
private struct Formatter: Sendable {
    let schema: ResultSchema
    let lines: any ResultLines
    let buffers = FreeList<TextBuffer>()

    func text(of block: ResultBlock, images: Range<Int>) -> TextBuffer {
        var text = buffers.take() ?? TextBuffer()
        text.removeAll()
        lines.append(images, of: block, to: &text)
        return text
    }
}
