internal import CLIPCore

/// The roles of the columns of a worker's input.
struct WorkerColumns: Sendable {
    /// The columns that the worker adds, whose names no carried column may have.
    static let added = ["id", "embedding", "stage", "reason", "damage"]
    private static let imageNames = ["bytes", "path", "uri"]

    let id: TableColumn
    let image: TableColumn
    /// The positions of all others in the input.
    let carried: [Int]

    /// Whether images are paths or URIs; otherwise bytes.
    var holdsLocations: Bool { image.isText }

    /// Chooses the columns of a stream.
    ///
    /// - Parameters:
    ///   - input: The stream.
    ///   - idColumn: The column with ids; `nil` for `id`.
    ///   - imageColumn: The column with bytes, paths or URIs; `nil` for the only one of `bytes`, `path` and `uri`.
    /// - Throws: `CLIPError` with code `unsupportedFormat` that names the column and its type.
    init(_ input: StreamReader, idColumn: String?, imageColumn: String?) throws {
        let columns = try input.columns(isPlain: true).map(TableColumn.init)
        let names = try input.columns(isPlain: false).map(\.name)
        func failure(_ text: String) -> CLIPError { CLIPError(.unsupportedFormat, "\(input.name): \(text).") }
        func column(_ name: String, _ purpose: String, option: String) throws -> TableColumn {
            guard names.count(where: { $0 == name }) < 2 else { throw failure("two columns are named '\(name)'") }
            guard let column = columns.first(where: { $0.name == name }) else {
                let others = names.map { "'\($0)'" }.joined(separator: ", ")
                throw failure(
                    "there is no column '\(name)' with \(purpose); its columns are \(others.isEmpty ? "none" : others). "
                        + "Rename one, or name it (\(option))"
                )
            }
            return column
        }
        id = try column(idColumn ?? "id", "the ids", option: "--id-column")
        guard id.canBeID else {
            throw failure("the column '\(id.name)' holds \(id.content), not ids. Ids are texts or integers")
        }
        if let imageColumn {
            image = try column(imageColumn, "the images", option: "--image-column")
        } else {
            let found = names.filter { Self.imageNames.contains($0) && $0 != idColumn }
            guard found.count < 2 else {
                let list = found.map { "'\($0)'" }.joined(separator: " and ")
                throw failure("the columns \(list) may hold the images. Name the one to read (--image-column)")
            }
            image = try column(found.first ?? "bytes", "the images (or 'path' or 'uri')", option: "--image-column")
            guard image.isText == (image.name != "bytes"), !image.holdsLists, image.isText || image.isBytes else {
                throw failure(
                    "the column '\(image.name)' holds \(image.content), not \(image.name == "bytes" ? "bytes" : "texts")"
                )
            }
        }
        guard !image.holdsLists, image.isText || image.isBytes else {
            throw failure("the column '\(image.name)' holds \(image.content), not bytes, paths or URIs of images")
        }
        guard id.name != image.name || image.isText else {
            throw failure("the column '\(id.name)' holds bytes; ids need a column of their own")
        }
        let used = [id.name, image.name]
        carried = names.indices.filter { !used.contains(names[$0]) }
        if let taken = carried.first(where: { Self.added.contains(names[$0]) }) {
            throw failure("the column '\(names[taken])' cannot be carried: the worker adds one of that name. Rename it")
        }
    }
}
