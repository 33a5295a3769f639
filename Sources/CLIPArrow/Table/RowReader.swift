internal import CLIPCore
internal import CLIPPipeline

/// Makes images of the rows of a table.
struct RowReader {
    private let layout: TableLayout
    private let columns: [SourceColumn]
    private let locations: ImageLocations
    private let oversized: OversizedValues
    private let repeatedPaths: RepeatedPaths
    /// The positions of the id, the images' paths and the columns to store in a batch; the image is the first column.
    private let idPosition: Int?
    private let pathsPosition: Int?
    private let carriedPositions: [Int?]
    /// Ends with a slash, or is empty.
    private let folder: Substring
    private let name: String
    private let idStart: String

    /// - Throws: `CLIPError` if the table cannot be read.
    init(_ shard: TableShard, of source: TableSource) throws {
        layout = shard.layout
        name = shard.name
        idStart = shard.idStart
        columns = source.columns
        locations = source.locations
        oversized = source.oversized
        repeatedPaths = try RepeatedPaths(shard)
        let positions = Dictionary(uniqueKeysWithValues: layout.all.enumerated().map { ($1, $0) })
        func position(_ column: TableColumn) -> Int {
            guard let position = positions[column] else {
                preconditionFailure("all columns of the layout are read")
            }
            return position
        }
        idPosition = layout.id.map(position)
        pathsPosition = layout.paths.map(position)
        let carried = Dictionary(uniqueKeysWithValues: layout.carried.map { ($0.stored.name, position($0.column)) })
        carriedPositions = columns.map { carried[$0.name] }
        let path = shard.file.path
        folder = path[..<(path.lastIndex(of: "/").map(path.index(after:)) ?? path.startIndex)]
    }

    /// The image of a row, or one of those in its list.
    ///
    /// - Parameters:
    ///   - batch: Holds the row.
    ///   - row: The row's position in the batch.
    ///   - item: The image's position in the row's list.
    ///   - number: The row's number in the table, from 1.
    /// - Returns: The image; an unreadable one if the row cannot be used.
    func image(_ batch: TableBatch, row: Int, item: Int, number: Int) -> ImageReference {
        func place(_ row: String, _ image: String) -> String {
            layout.image.holdsLists ? "\(image) \(item + 1) of row \(number) of \(name)" : "\(row) \(number) of \(name)"
        }
        let cell = TableCell(batch.cells[0], row: row, item: item)
        let path = pathsPosition.map { TableCell(batch.cells[$0], row: row, item: item) }
        func failure(_ reason: String) -> CLIPError {
            CLIPError(.corruptData, "\(place("Row", "Image")) \(reason).")
        }
        // Nobody knows which image this is: a stored vector whose id has no row may belong to it.
        func unknown(_ error: any Error) -> ImageReference {
            ImageReference(unknownPart: place("row", "image"), error: error)
        }
        if let reason = batch.fault(row) { return unknown(failure(reason)) }
        let id: String
        do {
            id = try self.id(batch, row: row, item: item, number: number, image: cell, path: path)
        } catch let fault as CellFault {
            return unknown(failure(fault.reason))
        } catch {
            return unknown(error)
        }
        let (values, fault) = values(batch, row: row, image: cell, path: path)
        do throws(CellFault) {
            if let fault { throw fault }
            return try image(cell, path, id: id, values: values) { place("Row", "Image") }
        } catch {
            let error = failure(error.reason)
            return ImageReference(id: id, version: FileVersion.unknown, values: values) { _ in throw error }
        }
    }

    /// The image's id: that of the row, or the path or URI that is read, or else the file and the image's path or row.
    ///
    /// - Throws: `CellFault`, or `CLIPError` if the id is a URI with credentials.
    private func id(
        _ batch: TableBatch,
        row: Int,
        item: Int,
        number: Int,
        image: TableCell,
        path: TableCell?
    ) throws -> String {
        let suffix = layout.image.holdsLists ? "#\(item + 1)" : ""
        if let idPosition, let id = layout.id {
            guard let text = try batch.cells[idPosition].text(row) else { throw Self.noValue(id) }
            try LocationSecrets.requireNone(in: text)
            return LocationSecrets.publicText(of: text) + suffix
        }
        if layout.holdsLocations {
            guard let text = try image.text() else { throw Self.noValue(layout.image) }
            try LocationSecrets.requireNone(in: text)
            return LocationSecrets.publicText(of: text)
        }
        if let path = path?.path, !repeatedPaths.contains(path) { return "\(idStart)/\(path)" }
        return "\(idStart)#\(number)\(suffix)"
    }

    /// The values to store with the image, in which a signed URL loses its signature, and the first error.
    private func values(
        _ batch: TableBatch,
        row: Int,
        image: TableCell,
        path: TableCell?
    ) -> ([ColumnValue], CellFault?) {
        var fault: CellFault?
        let values = zip(columns, carriedPositions).map { column, position -> ColumnValue in
            guard let position else { return .missing }
            do throws(CellFault) {
                let location = position == 0 && layout.holdsLocations ? image : position == pathsPosition ? path : nil
                if let location {
                    return try location.text().map { .text(LocationSecrets.publicText(of: $0)) } ?? .missing
                }
                return try batch.cells[position].value(row).converted(to: column.kind).withoutSignature
            } catch {
                if error.isTooLarge, !layout.isCarriedByName, position != 0 || !layout.holdsLocations {
                    oversized.add(layout.all[position])
                } else {
                    fault = fault ?? error
                }
                return .missing
            }
        }
        return (values, fault)
    }

    private func image(
        _ cell: TableCell,
        _ path: TableCell?,
        id: String,
        values: [ColumnValue],
        place: () -> String
    ) throws(CellFault) -> ImageReference {
        if !layout.holdsLocations, !cell.content.isEmpty {
            return image(cell.content, id: id, values: values, place: place)
        }
        // An image of which only the path was stored.
        guard let text = try (layout.holdsLocations ? cell : path)?.text() else { throw Self.noValue(layout.image) }
        guard !text.utf8.contains(0) else {
            throw CellFault(reason: "has a zero byte in the column '\(layout.image.name)'")
        }
        let location = ImageLocations.withoutBlanks(text)
        let isComplete = location.hasPrefix("/") || ImageLocations.scheme(of: location) != nil
        return locations.image(at: isComplete ? location : folder + location, id: id, values: values)
    }

    /// An image with a copy of its bytes, so that it does not keep the whole batch in memory.
    private func image(
        _ content: UnsafeRawBufferPointer,
        id: String,
        values: [ColumnValue],
        place: () -> String
    ) -> ImageReference {
        let limit = locations.maximumFileBytes
        guard content.count <= limit else {
            let error = CLIPError.tooLarge(place(), byteCount: content.count, limit: limit)
            return ImageReference(id: id, values: values) { _ in throw error }
        }
        let bytes = Array(content)
        return ImageReference(id: id, values: values, heldByteCount: bytes.count) {
            $0.replaceSubrange(0..., with: bytes)
        }
    }

    private static func noValue(_ column: TableColumn) -> CellFault {
        CellFault(reason: "has no value in the column '\(column.name)'")
    }
}

extension ColumnValue {
    /// The value, in which a signed URL loses its signature.
    fileprivate var withoutSignature: ColumnValue {
        guard case .text(let text) = self, text.utf8.contains(where: "?#".utf8.contains) else { return self }
        return .text(LocationSecrets.publicText(of: text))
    }
}
