internal import CLIPCore
internal import CLIPPipeline

/// Walks over the rows of a table.
struct TableIterator: ImageIterator {
    private static let rowsOfPaths = 4096
    /// Bytes of images are large.
    private static let rowsOfBytes = 64

    private let layout: TableLayout
    private let locations: ImageLocations
    /// Where the id and the carried columns are in a batch; the image is the first column.
    private let idPosition: Int
    private let carriedPositions: [Int]
    /// Which of the carried columns holds the images' paths or URIs.
    private let carriedLocation: Int?
    private let rows: TableRows
    /// With a slash at its end, or empty.
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
        // Which image it is, nobody knows: what is stored under an id that no row has may be this one's.
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

    /// What goes into the store with the image of the row, and the first of what cannot: a signed URL without its
    /// signature.
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
            throw CellFault(reason: "has a NUL in the column '\(layout.image.name)', which no path or URI has")
        }
        return locations.image(at: location(text), id: id, values: values)
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

    private func value(_ cells: TableCells, of column: TableColumn) throws(CellFault) -> String {
        guard let text = try cells.text(row) else { throw Self.noValue(column) }
        return text
    }

    private static func noValue(_ column: TableColumn) -> CellFault {
        CellFault(reason: "has no value in the column '\(column.name)'")
    }

    /// The id of an image whose row has none to be stored.
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
