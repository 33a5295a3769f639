internal import CLIPCore

/// The roles of the columns of a worker's input.
struct WorkerColumns: Sendable {
    /// What the answers are made from.
    enum Content: Sendable {
        /// Bytes, paths or URIs of images.
        case images(TableColumn)
        /// Vectors, in the column at this position.
        case vectors(Int)
    }

    /// The name of the column of vectors.
    static let vectorName = "embedding"

    private static let imageNames = ["bytes", "path", "uri"]
    private static let formatsOfLists = ["+w:", "+l", "+L"]
    private static let formatsOfFloats = ["e", "f", "g"]

    let id: TableColumn
    let content: Content
    /// The positions of all others in the input.
    private let others: [Int]
    private let names: [String]
    private let input: String

    /// Whether images are paths or URIs.
    var holdsLocations: Bool { if case .images(let column) = content { column.isText } else { false } }

    /// Chooses the columns of a stream.
    ///
    /// - Parameters:
    ///   - input: The stream.
    ///   - options: Names columns.
    ///   - acceptsVectors: Whether a column `embedding` with vectors is taken in place of images.
    /// - Throws: `CLIPError` with code `unsupportedFormat` that names the column and its type.
    init(_ input: StreamReader, _ options: EmbeddingWorker.Options, acceptsVectors: Bool) throws {
        let search = try Search(input)
        self.input = input.name
        names = search.names
        id = try search.column(options.idColumn ?? "id", "the ids", option: "--id-column")
        guard id.canBeID else {
            throw search.failure("the column '\(id.name)' holds \(id.content), not ids. Ids are texts or integers")
        }
        let image: Int?
        if acceptsVectors, options.imageColumn == nil, let vectors = try search.vectors(Self.vectorName) {
            content = .vectors(vectors)
            image = vectors
        } else {
            let column = try Self.images(search, named: options.imageColumn, id: id.name)
            content = .images(column)
            image = names.firstIndex(of: column.name)
        }
        others = search.names.indices.filter { [id] in search.names[$0] != id.name && $0 != image }
    }

    /// The positions of the columns that are carried beside others of these names.
    ///
    /// - Throws: `CLIPError` with code `unsupportedFormat` if a name is taken.
    func carried(beside added: [String]) throws -> [Int] {
        if let taken = others.first(where: { added.contains(names[$0]) }) {
            throw CLIPError(
                .unsupportedFormat,
                "\(input): the column '\(names[taken])' cannot be carried: the worker adds one of that name. Rename it."
            )
        }
        return others
    }

    private static func images(_ search: Search, named name: String?, id: String) throws -> TableColumn {
        let found = search.names.filter { imageNames.contains($0) && $0 != id }
        guard name != nil || found.count < 2 else {
            let list = found.map { "'\($0)'" }.joined(separator: " and ")
            throw search.failure("the columns \(list) may hold the images. Name the one to read (--image-column)")
        }
        let column = try search.column(
            name ?? found.first ?? "bytes",
            name == nil ? "the images (nor 'path' or 'uri')" : "the images",
            option: "--image-column"
        )
        let isNamedBytes = column.name == "bytes"
        guard !column.holdsLists, column.isText || column.isBytes, name != nil || column.isBytes == isNamedBytes else {
            let wanted = name != nil ? "bytes, paths or URIs of images" : isNamedBytes ? "bytes" : "texts"
            throw search.failure("the column '\(column.name)' holds \(column.content), not \(wanted)")
        }
        guard column.name != id || column.isText else {
            throw search.failure("the column '\(id)' holds bytes; ids need a column of their own")
        }
        return column
    }

    /// The columns of a stream by name.
    private struct Search {
        let names: [String]
        private let input: String
        private let plain: [TableColumn]
        private let raw: [StreamColumn]

        init(_ input: StreamReader) throws {
            self.input = input.name
            plain = try input.columns(isPlain: true).map(TableColumn.init)
            raw = try input.columns(isPlain: false)
            names = raw.map(\.name)
        }

        func failure(_ text: String) -> CLIPError { CLIPError(.unsupportedFormat, "\(input): \(text).") }

        func column(_ name: String, _ purpose: String, option: String) throws -> TableColumn {
            guard names.count(where: { $0 == name }) < 2 else { throw failure("two columns are named '\(name)'") }
            guard let column = plain.first(where: { $0.name == name }) else {
                let others = names.map { "'\($0)'" }.joined(separator: ", ")
                throw failure(
                    "there is no column '\(name)' with \(purpose); its columns are \(others.isEmpty ? "none" : others). "
                        + "Rename one, or name it (\(option))"
                )
            }
            // Their plain form is JSON, apart from structs that hold an image.
            guard column.isBytes || raw.first(where: { $0.name == name })?.format.hasPrefix("+") != true else {
                throw failure("the column '\(name)' holds lists, structs or maps, not \(purpose)")
            }
            return column
        }

        /// The position of a column of vectors; `nil` if there is none.
        func vectors(_ name: String) throws -> Int? {
            guard let position = names.firstIndex(of: name) else { return nil }
            let column = raw[position]
            guard formatsOfLists.contains(where: column.format.hasPrefix),
                column.itemFormat.map(formatsOfFloats.contains) ?? false
            else { throw failure("the column '\(name)' does not hold lists of floats (Arrow format \(column.format))") }
            return position
        }
    }
}
