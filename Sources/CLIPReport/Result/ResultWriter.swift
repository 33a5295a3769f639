/// Writes a result file, block by block.
///
/// A result file is complete or absent: it gets its name in ``finish()``, and a writer that is released before leaves
/// no file.
package protocol ResultWriter: AnyObject {
    /// Writes the results for some images.
    ///
    /// - Throws: `CLIPError` with code `storage`, or `invalidEmbeddings` when a score, or a part of it, is not finite.
    /// - Precondition: The block matches the writer's schema.
    func append(_ block: ResultBlock) throws

    /// Closes the file and gives it its name.
    ///
    /// - Throws: `CLIPError` with code `storage`.
    func finish() throws
}
