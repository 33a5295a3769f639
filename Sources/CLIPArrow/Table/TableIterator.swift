internal import CLIPCore

/// Walks over the rows of a table.
struct TableIterator: ImageIterator {
    private static let rowsOfPaths = 4096
    /// Bytes of images are large.
    private static let rowsOfBytes = 64

    private struct Batch {
        let owner: ImportedBatch
        let image: TableCells
        let id: TableCells?
        let carried: [TableCells]
    }

    private let layout: TableLayout
    private let locations: ImageLocations
    /// Where each column is in a batch, by its name.
    private let positions: [String: Int]
    /// Which of the carried columns holds the images' paths or URIs.
    private let carriedLocation: Int?
    private let stream: RecordBatchStream
    /// With a slash at its end, or empty.
    private let folder: Substring
    private let fileName: Substring
    private var batch: Batch?
    private var row = 0
    private var rowNumber = 0

    init(_ source: TableSource) throws {
        layout = source.layout
        locations = source.locations
        let names = source.layout.names
        positions = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0) })
        carriedLocation = source.layout.carried.firstIndex { $0.name == source.layout.image.name }
        let rows = source.layout.image.isBytes ? Self.rowsOfBytes : Self.rowsOfPaths
        stream = try source.file.stream(columns: names, rows: rows)
        let start = source.path.lastIndex(of: "/").map(source.path.index(after:)) ?? source.path.startIndex
        folder = source.path[..<start]
        fileName = source.path[start...]
    }

    mutating func next() throws -> ImageReference? {
        while true {
            if let batch, row < batch.owner.count {
                defer { row += 1 }
                rowNumber += 1
                return withExtendedLifetime(batch.owner) { image(in: batch) }
            }
            batch = nil
            guard let owner = try stream.next() else { return nil }
            batch = Batch(
                owner: owner,
                image: cells(layout.image.name, layout.image.kind, in: owner),
                id: layout.id.map { cells($0.name, $0.kind, in: owner) },
                carried: layout.carried.map { cells($0.name, .values($0.kind), in: owner) }
            )
            row = 0
        }
    }

    private func cells(_ name: String, _ kind: TableColumn.Kind, in batch: ImportedBatch) -> TableCells {
        guard let position = positions[name] else { preconditionFailure("all columns of the layout are read") }
        return TableCells(batch, column: position, kind: kind)
    }

    /// What goes into the store with the image of the row: a signed URL without its signature.
    private func values(in batch: Batch) -> [ColumnValue] {
        var values = batch.carried.map { $0[row] }
        if let carriedLocation, case .text(let location) = values[carriedLocation] {
            values[carriedLocation] = .text(LocationSecrets.publicText(of: location))
        }
        return values
    }

    private func image(in batch: Batch) -> ImageReference {
        let values = values(in: batch)
        let content = batch.image.content(row)
        let ids = batch.id ?? batch.image
        guard let text = ids[row].idText else {
            let column = layout.id ?? layout.image
            return unreadable(rowName, values, "has no value in the column '\(column.name)'")
        }
        do {
            try LocationSecrets.requireNone(in: text)
        } catch {
            return ImageReference(id: rowName, version: FileVersion.unknown, values: values) { _ in throw error }
        }
        let id = LocationSecrets.publicText(of: text)
        if content.isEmpty { return unreadable(id, values, "has no value in the column '\(layout.image.name)'") }
        if layout.image.isText, content.contains(0) {
            return unreadable(id, values, "has a NUL in the column '\(layout.image.name)', which no path or URI has")
        }
        return layout.image.isBytes
            ? image(content, id: id, values: values)
            : locations.image(at: location(String(decoding: content, as: UTF8.self)), id: id, values: values)
    }

    /// An image whose bytes are copied, so that it does not keep the whole batch alive.
    private func image(_ content: UnsafeRawBufferPointer, id: String, values: [ColumnValue]) -> ImageReference {
        let limit = locations.maximumFileBytes
        guard content.count <= limit else {
            let error = CLIPError.tooLarge(
                "Row \(rowNumber) of \(fileName)",
                byteCount: content.count,
                limit: limit
            )
            return ImageReference(id: id, values: values) { _ in throw error }
        }
        let bytes = Array(content)
        return ImageReference(id: id, values: values) { $0.replaceSubrange(0..., with: bytes) }
    }

    /// The id of an image whose row has none to be stored.
    private var rowName: String { "row \(rowNumber) of \(fileName)" }

    private func unreadable(_ id: String, _ values: [ColumnValue], _ reason: String) -> ImageReference {
        let message = "Row \(rowNumber) of \(fileName) \(reason)."
        return ImageReference(id: id, version: FileVersion.unknown, values: values) { _ in
            throw CLIPError(.corruptData, message)
        }
    }

    private func location(_ text: String) -> String {
        text.hasPrefix("/") || ImageLocations.scheme(of: text) != nil ? text : folder + text
    }
}
