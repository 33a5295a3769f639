public import CLIPCore

/// Writes decisions as a Parquet file.
///
/// Columns: `id` (text), `categories` (list of texts: the matching ones), then `score_NAME` (32-bit float) for each
/// category. The model's identity is in the metadata.
public final class ParquetDecisionWriter: DecisionWriter {
    private let file: ParquetFileWriter
    private let categories: [String]

    /// Starts a file.
    ///
    /// - Throws: ``CLIPError`` with code `storage`.
    public init(path: String, categories: [String], provenance: Provenance) throws {
        let fields = [Field(name: "id", kind: .text), Field(name: "categories", kind: .textLists)]
        self.file = try ParquetFileWriter(
            path: path,
            fields: fields + categories.map { Field(name: "score_\($0)", kind: .float) },
            metadata: provenance.metadata,
            options: .init(dictionary: true, rowGroupRows: 65_536)
        )
        self.categories = categories
    }

    /// Writes the decisions for some images.
    ///
    /// - Throws: ``CLIPError`` with code `storage`.
    public func append(ids: [String], decisions: Decisions) throws {
        let images = ids.indices
        let matches = images.map { image in decisions.matches(image: image).map { categories[$0] } }
        let scores = categories.indices.map { category in
            Column.float(images.map { decisions.evidence(image: $0, category: category).score })
        }
        try file.write([.text(ids), .textLists(matches)] + scores)
    }

    /// Makes everything durable and gives the files their names.
    ///
    /// - Throws: ``CLIPError`` with code `storage`.
    public func finish() throws {
        try file.close()
    }
}
