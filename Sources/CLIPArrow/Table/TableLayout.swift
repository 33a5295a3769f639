internal import CLIPCore

/// The roles of a table's columns.
struct TableLayout: Sendable {
    private static let imageNames = [
        "path", "file", "filepath", "filename", "image_path", "uri", "url", "image", "bytes",
    ]
    /// Bytes in columns with these names are paths or URIs, not images.
    private static let locationNames: Set<String> = ["path", "filepath", "filename", "image_path", "uri", "url"]
    private static let idNames = ["id", "image_id", "key"]

    /// The column with paths, URIs or bytes.
    let image: TableColumn
    /// Whether the images are paths or URIs.
    let holdsLocations: Bool
    /// The column with ids (texts or integers); `nil` if the path or URI is the id.
    let id: TableColumn?
    /// The table columns to store.
    let carried: [TableColumn]
    /// The same columns as source columns.
    let columns: [SourceColumn]

    /// All columns to read, each once: the image's, the id's, then those to store.
    var all: [TableColumn] {
        var taken = Set<TableColumn>()
        return ([image] + [id].compactMap(\.self) + carried).filter { taken.insert($0).inserted }
    }

    /// Chooses the columns.
    ///
    /// - Throws: `CLIPError` with code `notFound` if a column is missing, or `unsupportedFormat` if one has an
    ///   unsuitable type.
    init(_ file: TableFile, options: TableSource.Options) throws {
        let choice = TableChoice(file: file)
        let image = try choice.column(options.imageColumn, amongNames: Self.imageNames) { $0.isText || $0.isBytes }
        guard let image else {
            throw choice.failure(
                "no column with texts or bytes is named \(Self.imageNames.joined(separator: ", ")). Name the one with "
                    + "the images"
            )
        }
        guard image.isText || image.isBytes else {
            throw choice.failure(
                "the column '\(image.name)' holds \(image.content), not paths, URIs or bytes of images"
            )
        }
        let id = try choice.column(options.idColumn, amongNames: Self.idNames) { $0 != image && $0.canBeID }
        if let id, !id.canBeID {
            throw choice.failure("the column '\(id.name)' holds \(id.content); ids are texts or integers")
        }
        holdsLocations = image.isText || Self.locationNames.contains(image.name.lowercased())
        guard id != nil || holdsLocations else {
            throw choice.failure(
                "the images are bytes in the column '\(image.name)', and there are no ids. Name "
                    + "the column with the ids"
            )
        }
        self.image = image
        self.id = id
        let usual = file.columns.filter { $0 != id && ($0 != image || image.isText && id != nil) }
        let carried = try options.carriedColumns.map { try $0.map(choice.column(named:)) } ?? usual
        self.carried = carried
        columns = try carried.map { column in
            guard let kind = column.carriedKind else {
                throw choice.cannotCarry("the column '\(column.name)' holds \(column.content)")
            }
            if StoreSchema.ownColumns.contains(column.name) {
                throw choice.cannotCarry("the column name '\(column.name)' is reserved")
            }
            if column.name.isEmpty { throw choice.cannotCarry("a column has no name") }
            return SourceColumn(column.name, kind)
        }
        guard Set(columns).count == columns.count else { throw choice.failure("a column to keep is listed twice") }
    }
}
