internal import CLIPCore

/// The roles of a table's columns.
struct TableLayout: Sendable {
    /// Bytes in columns with these names are paths or URIs, not images.
    private static let locationNames: Set<String> = [
        "path", "filepath", "filename", "file_name", "image_path", "uri", "url", "image_url",
    ]
    private static let idNames = ["id", "image_id", "key", "__key__"]

    /// The column with paths, URIs or bytes, or lists of them.
    let image: TableColumn
    /// Whether the column was found by its values, because its name is none of the usual ones.
    let isImageFound: Bool
    /// Whether the images are paths or URIs.
    let holdsLocations: Bool
    /// The column with the paths of images that are bytes.
    let paths: TableColumn?
    /// The column with ids; `nil` if the path or URI is the id, or else the row.
    let id: TableColumn?
    /// The columns to store.
    let carried: [CarriedColumn]
    /// Whether the columns to store were named, so that each of their values has to be stored.
    let isCarriedByName: Bool
    /// The columns that cannot be stored.
    let leftOut: [TableColumn]

    /// All columns to read, each once: the image's, the id's, the paths', then those to store.
    var all: [TableColumn] {
        var taken = Set<TableColumn>()
        return ([image] + [id, paths].compactMap(\.self) + carried.map(\.column)).filter { taken.insert($0).inserted }
    }

    /// Chooses the columns.
    ///
    /// - Throws: `CLIPError` with code `notFound` if a column is missing, or `unsupportedFormat` if one has an
    ///   unsuitable type.
    init(_ file: TableFile, options: TableSource.Options) throws {
        let choice = TableChoice(file: file)
        (image, isImageFound) = try ImageColumnChoice(choice).column(options.imageColumn)
        let (image, paths) = (image, file.paths(of: image))
        let id = try choice.column(options.idColumn, amongNames: Self.idNames) { $0 != image && $0.canBeID }
        if let id, !id.canBeID {
            throw choice.failure("the column '\(id.name)' holds \(id.content), which cannot be ids")
        }
        holdsLocations = image.isText || paths == nil && Self.locationNames.contains(image.name.lowercased())
        self.paths = holdsLocations ? nil : paths
        self.id = id
        isCarriedByName = options.carriedColumns != nil
        if let names = options.carriedColumns {
            let columns = try names.map(choice.column(named:))
            guard Set(columns).count == columns.count else { throw choice.failure("a column to keep is listed twice") }
            leftOut = []
            carried = try CarriedColumn.columns(columns) { column in
                guard let kind = column.carriedKind ?? (column.kind == .bytes ? .text : nil) else {
                    throw choice.cannotCarry("the column '\(column.name)' holds \(column.content)")
                }
                return kind
            }
        } else {
            let holdsLocations = holdsLocations
            let others = file.columns.filter { $0 != id && ($0 != image || holdsLocations && id != nil) }
            leftOut = others.filter { $0.carriedKind == nil && $0 != image }
            carried = CarriedColumn.columns(others) { $0 == image ? .text : $0.carriedKind }
        }
    }
}

/// A column of a table to store.
struct CarriedColumn: Sendable {
    let column: TableColumn
    /// The same column of the source, which has another name if a column of the store or an earlier one has this one.
    let stored: SourceColumn

    /// The columns that have a kind in the store.
    static func columns(
        _ columns: [TableColumn],
        _ kind: (TableColumn) throws -> SourceColumn.Kind?
    ) rethrows -> [CarriedColumn] {
        let given = Set(columns.map(\.name))
        var taken = Set(StoreSchema.ownColumns)
        return try columns.compactMap { column in
            guard let kind = try kind(column) else { return nil }
            var name = column.name
            var count = 2
            // Names of a file differ in their bytes, those of a store in their characters.
            while taken.contains(name) || count > 2 && given.contains(name) {
                name = "\(column.name)_\(count)"
                count += 1
            }
            taken.insert(name)
            return CarriedColumn(column: column, stored: SourceColumn(name, kind))
        }
    }
}
