package import CLIPCore

/// Writes a result file, block by block.
///
/// A result file is complete or absent: it gets its name in ``finish()``, and a writer that is released before leaves
/// no file.
package protocol ResultWriter: AnyObject {
    /// Checks results and does the work on them that needs no order, on any thread.
    ///
    /// It throws `CLIPError` with code `invalidEmbeddings` when a score, or a part of it, is not finite.
    ///
    /// - Precondition: The block matches the writer's schema.
    var prepare: @Sendable (ResultBlock) throws -> PreparedResults { get }

    /// Writes the results for some images.
    ///
    /// - Parameter results: What the writer's ``prepare`` returned.
    /// - Throws: `CLIPError` with code `storage`.
    func append(_ results: PreparedResults) throws

    /// Closes the file and gives it its name.
    ///
    /// - Throws: `CLIPError` with code `storage`.
    func finish() throws
}

extension ResultWriter {
    /// Prepares and writes the results for some images.
    ///
    /// - Throws: `CLIPError` with code `storage`, or `invalidEmbeddings` when a score, or a part of it, is not finite.
    /// - Precondition: The block matches the writer's schema.
    package func append(_ block: ResultBlock) throws {
        try append(prepare(block))
    }
}

/// Results in the form in which a file stores them.
package enum PreparedResults: Sendable {
    /// Values, for files that store them by column.
    case values(ResultBlock)
    /// Lines of text.
    case text(TextBuffer)
}
