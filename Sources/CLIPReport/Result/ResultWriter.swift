/// Writes a result file, block by block.
///
/// A result file is complete or absent: it takes its name in ``finish()``, and a writer that is dropped before leaves
/// nothing.
package protocol ResultWriter: AnyObject {
    /// Writes the results for some images.
    ///
    /// - Throws: `CLIPError` with code `storage`, or `invalidEmbeddings` when a score, or a part of it, is not finite.
    /// - Precondition: The block has what the writer's schema says.
    func append(_ block: ResultBlock) throws

    /// Completes the file.
    ///
    /// - Throws: `CLIPError` with code `storage`.
    func finish() throws
}
