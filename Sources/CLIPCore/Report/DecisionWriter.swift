/// Writes decisions to a result file, block by block.
///
/// A result file is complete or absent: it takes its name in ``finish()``, and a writer that is dropped before leaves
/// nothing.
public protocol DecisionWriter: AnyObject {
    /// Writes the decisions for some images.
    ///
    /// - Throws: ``CLIPError`` with code `storage`.
    func append(ids: [String], decisions: Decisions) throws

    /// Completes the file.
    ///
    /// - Throws: ``CLIPError`` with code `storage`.
    func finish() throws
}
