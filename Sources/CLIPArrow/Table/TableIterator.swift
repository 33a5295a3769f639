internal import CLIPCore
internal import CLIPPipeline

/// Iterates over the rows of a table.
struct TableIterator: ImageIterator {
    private static let rowsOfPaths = 4096
    /// Rows per batch if images are bytes, which are large.
    private static let rowsOfBytes = 64

    private let layout: TableLayout
    private let locations: ImageLocations
    /// The positions of the id and of the columns to store in a batch; the image is the first column.
    private let idPosition: Int
    private let carriedPositions: [Int]
    /// The position of the images' paths or URIs among the columns to store.
    private let carriedLocation: Int?
    private let rows: TableRows
    /// Ends with a slash, or is empty.
    private let folder: Substring
    private let fileName: Substring
    private var batch: TableBatch?
    private var row = 0
    private var rowNumber = 0

    init(_ source: TableSource) throws {
        layout = source.layout
        locations = source.locations
        let columns = layout.all
        let positions = Dictionary(uniqueKeysWithValues: columns.enumerated().map { ($1, $0) })
        func position(_ column: TableColumn) -> Int {
            guard let position = positions[column] else { preconditionFailure("all columns of the layout are read") }
            return position
        }
        idPosition = position(layout.id ?? layout.image)
        carriedPositions = layout.carried.map(position)
        carriedLocation = layout.carried.firstIndex(of: layout.image)
        rows = try source.file.rows(
            columns: columns,
            rows: layout.holdsLocations ? Self.rowsOfPaths : Self.rowsOfBytes
        )
        let start = source.path.lastIndex(of: "/").map(source.path.index(after:)) ?? source.path.startIndex
        folder = source.path[..<start]
        fileName = source.path[start...]
    }

    mutating func next() throws -> ImageReference? {
        while true {
            if let batch, row < batch.count {
                defer { row += 1 }
                rowNumber += 1
                return withExtendedLifetime(batch) { image(in: batch) }
            }
            batch = nil
            batch = try rows.next()
            row = 0
            if batch == nil { return nil }
        }
    }

    private func image(in batch: TableBatch) -> ImageReference {
        // Nobody knows which image this is: a stored vector whose id has no row may belong to it.
        if let reason = batch.fault(row) { return ImageReference(unknownPart: rowName, error: failure(reason)) }
        let (values, valueFault) = values(in: batch)
        let text: String
        do {
            text = try value(batch.cells[idPosition], of: layout.id ?? layout.image)
            try LocationSecrets.requireNone(in: text)
        } catch let fault as CellFault {
            return ImageReference(unknownPart: rowName, error: failure(fault.reason))
        } catch {
            return ImageReference(unknownPart: rowName, error: error)
        }
        let id = LocationSecrets.publicText(of: text)
        if let valueFault { return unreadable(id, values, valueFault) }
        do throws(CellFault) {
            return try image(batch.cells[0], id: id, values: values)
        } catch {
            return unreadable(id, values, error)
        }
    }

    /// The values to store with the row's image, in which a signed URL loses its signature, and the first error.
    private func values(in batch: TableBatch) -> ([ColumnValue], CellFault?) {
        var fault: CellFault?
        var values = carriedPositions.map { position -> ColumnValue in
            do throws(CellFault) {
                return try batch.cells[position].value(row)
            } catch {
                fault = fault ?? error
                return .missing
            }
        }
        if let carriedLocation, case .text(let location) = values[carriedLocation] {
            values[carriedLocation] = .text(LocationSecrets.publicText(of: location))
        }
        return (values, fault)
    }

    private func image(_ cells: TableCells, id: String, values: [ColumnValue]) throws(CellFault) -> ImageReference {
        guard layout.holdsLocations else {
            let content = cells.content(row)
            guard !content.isEmpty else { throw Self.noValue(layout.image) }
            return image(content, id: id, values: values)
        }
        let text = try value(cells, of: layout.image)
        guard !text.utf8.contains(0) else {
            throw CellFault(reason: "has a zero byte in the column '\(layout.image.name)'")
        }
        return locations.image(at: location(text), id: id, values: values)
    }

    /// An image with a copy of its bytes, so that it does not keep the whole batch in memory.
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

    private func value(_ cells: TableCells, of column: TableColumn) throws(CellFault) -> String {
        guard let text = try cells.text(row) else { throw Self.noValue(column) }
        return text
    }

    private static func noValue(_ column: TableColumn) -> CellFault {
        CellFault(reason: "has no value in the column '\(column.name)'")
    }

    /// The id of an image whose row has no usable id.
    private var rowName: String { "row \(rowNumber) of \(fileName)" }

    private func failure(_ reason: String) -> CLIPError {
        CLIPError(.corruptData, "Row \(rowNumber) of \(fileName) \(reason).")
    }

    private func unreadable(_ id: String, _ values: [ColumnValue], _ fault: CellFault) -> ImageReference {
        let error = failure(fault.reason)
        return ImageReference(id: id, version: FileVersion.unknown, values: values) { _ in throw error }
    }

    private func location(_ text: String) -> String {
        text.hasPrefix("/") || ImageLocations.scheme(of: text) != nil ? text : folder + text
    }
}
