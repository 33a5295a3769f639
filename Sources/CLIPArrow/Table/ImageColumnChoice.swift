internal import CLIPCore
internal import CLIPPipeline

/// Finds the column of a table that holds the images.
struct ImageColumnChoice {
    private static let names = [
        "path", "file", "filepath", "filename", "file_name", "image_path", "uri", "url", "image_url", "image", "bytes",
    ]
    /// Rows to look into until one has a value.
    private static let sampledRows = 64

    private let choice: TableChoice
    private var file: TableFile { choice.file }

    init(_ choice: TableChoice) {
        self.choice = choice
    }

    /// The requested column, or else the only one with images and their paths, as Hugging Face's data sets have them;
    /// or else the first of the usual names; or else the only one whose first value is an image, a path or a URI of one.
    ///
    /// - Returns: The column, and whether it was found by its values.
    /// - Throws: `CLIPError` with code `notFound` or `unsupportedFormat`.
    func column(_ name: String?) throws -> (column: TableColumn, isFound: Bool) {
        let images = name == nil ? try imagesWithPaths() : []
        let column = try choice.column(name, amongNames: images.isEmpty ? Self.names : []) { $0.isText || $0.isBytes }
        if let column {
            guard column.isText || column.isBytes else {
                throw choice.failure(
                    "the column '\(column.name)' holds \(column.content), not paths, URIs or bytes of images"
                )
            }
            return (column, false)
        }
        if let usual = images.first(where: hasUsualName) { return (usual, false) }
        let found = [images, try holding(\.isBytes, isImage), try holding(\.isText, isLocation)]
        for candidates in found + [structs] {
            guard let first = candidates.first else { continue }
            try requireHeader(candidates)
            guard candidates.count == 1 else {
                let names = candidates.map { "'\($0.name)'" }.joined(separator: " and ")
                throw choice.failure("the columns \(names) hold images. Name the one to read (--image-column)")
            }
            return (first, true)
        }
        try requireHeader(file.columns)
        throw choice.failure(
            "no column with texts or bytes is named \(Self.names.joined(separator: ", ")), and none holds images. Name "
                + "the one with the images (--image-column)"
        )
    }

    /// - Throws: `CLIPError` if a column is named as an image is, because the first row was taken for a header.
    private func requireHeader(_ columns: [TableColumn]) throws {
        guard file.delimiter != nil,
            let column = columns.first(where: { isLocation($0.name.utf8) })
        else { return }
        throw CLIPError(
            .unsupportedFormat,
            "\(file.path) seems to have no header: its first line names the image '\(column.name)'. Write a line "
                + "with the columns' names, such as 'path', before it. If the column is called so, name it "
                + "(--image-column)."
        )
    }

    private func hasUsualName(_ column: TableColumn) -> Bool { Self.names.contains(column.name.lowercased()) }

    /// Those of ``structs`` that hold images.
    ///
    /// Sounds and films have the same form, so the values of several, or of one without a
    /// usual name, decide, if there are any.
    private func imagesWithPaths() throws -> [TableColumn] {
        let columns = structs
        if columns.count == 1, hasUsualName(columns[0]) { return columns }
        return try zip(columns, firstValues(columns, isImage)).filter { $1 ?? true }.map(\.0)
    }

    /// The columns of structs with bytes and a path.
    private var structs: [TableColumn] { file.columns.filter { $0.isBytes && file.paths(of: $0) != nil } }

    /// The columns of a type whose first value passes a test.
    private func holding(
        _ type: (TableColumn) -> Bool,
        _ test: (UnsafeRawBufferPointer) -> Bool
    ) throws -> [TableColumn] {
        let columns = file.columns.filter(type)
        return try zip(columns, firstValues(columns, test)).filter { $1 ?? false }.map(\.0)
    }

    /// Whether the first value of each column passes a test; `nil` for columns without values.
    private func firstValues(
        _ columns: [TableColumn],
        _ test: (UnsafeRawBufferPointer) -> Bool
    ) throws -> [Bool?] {
        guard !columns.isEmpty, let batch = try file.rows(columns: columns, rows: Self.sampledRows).next() else {
            return columns.map { _ in nil }
        }
        return withExtendedLifetime(batch) {
            batch.cells.prefix(columns.count).map { cells in
                let positions = (0..<min(batch.count, Self.sampledRows)).lazy.flatMap(cells.itemPositions)
                let items = cells.items
                return positions.map(items.content).first { !$0.isEmpty }.map(test)
            }
        }
    }

    private func isImage(_ bytes: UnsafeRawBufferPointer) -> Bool {
        FileKind(bytes) == .image
    }

    private func isLocation(_ text: some Collection<UInt8>) -> Bool {
        let location = Array(text.prefix { !"?#".utf8.contains($0) })[...]
        return FileFilter.isNamedLikeImage(location)
    }
}

extension TableFile {
    /// The column with the paths of the images in another one; `nil` if there is none.
    func paths(of image: TableColumn) -> TableColumn? {
        guard image.isBytes, let position = columns.firstIndex(of: image), position + 1 < columns.count else {
            return nil
        }
        let next = columns[position + 1]
        return next.isText && next.holdsLists == image.holdsLists && next.nameInFile == image.nameInFile + ".path"
            ? next : nil
    }
}
