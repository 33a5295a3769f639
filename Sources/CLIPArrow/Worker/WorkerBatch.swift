internal import CLIPCore
internal import CLIPPipeline

/// A record batch of a worker's input.
// Sendable: nothing changes after `init`.
final class WorkerBatch: @unchecked Sendable {
    /// Of a record batch: more than any names have, and less than Arrow's text columns hold.
    private static let maximumBytesOfIDs = 256 << 20

    /// The ids of all rows.
    let ids: [String]
    /// The batch with all columns.
    let batch: StreamBatch
    /// The columns of the ids and, if there are any, the images.
    private let rows: TableBatch
    private let columns: WorkerColumns

    /// Reads the ids.
    ///
    /// - Parameters:
    ///   - batch: The batch.
    ///   - columns: The roles of its columns.
    ///   - place: What to call it in messages.
    /// - Throws: `CLIPError` with code `corruptData` that names a row without a usable id, or `limitExceeded` if the ids
    ///   are longer than names are.
    init(_ batch: StreamBatch, columns: WorkerColumns, place: String) throws {
        self.batch = batch
        self.columns = columns
        let images = if case .images(let column) = columns.content { [column] } else { [TableColumn]() }
        rows = try batch.columns([columns.id] + images.filter { $0 != columns.id })
        let cells = rows.cells[0]
        var byteCount = 0
        ids = try (0..<rows.count).map { row in
            func failure(_ reason: String) -> CLIPError {
                CLIPError(.corruptData, "\(place): row \(row + 1) \(reason). Every row needs an id.")
            }
            do {
                guard let text = try cells.text(row) else {
                    throw failure("has no value in the column '\(columns.id.name)'")
                }
                byteCount += text.utf8.count
                guard byteCount <= Self.maximumBytesOfIDs else {
                    throw CLIPError(
                        .limitExceeded,
                        "\(place): the ids up to row \(row + 1) have more than \(Self.maximumBytesOfIDs) bytes. "
                            + "Send smaller record batches."
                    )
                }
                try LocationSecrets.requireNone(in: text)
                return LocationSecrets.publicText(of: text)
            } catch let fault as CellFault {
                throw failure(fault.reason)
            } catch let error as CLIPError where error.code == .unreadable {
                throw failure("cannot be named: \(error)")
            }
        }
    }

    /// The images of all rows, under ids that are unique in the batch.
    func images(_ locations: ImageLocations) -> [ImageReference] {
        guard case .images(let column) = columns.content, let cells = rows.cells.last else { return [] }
        return ids.indices.map { row in
            let id = "row \(row + 1) of a batch"
            do throws(CellFault) {
                return column.isText
                    ? try image(at: cells.text(row), column, id: id, locations)
                    : try image(cells, row, column, id: id, limit: locations.maximumFileBytes)
            } catch {
                let error = CLIPError(.corruptData, "The row \(error.reason).")
                return ImageReference(id: id) { _ in throw error }
            }
        }
    }

    private func image(
        at location: String?,
        _ column: TableColumn,
        id: String,
        _ locations: ImageLocations
    ) throws(CellFault) -> ImageReference {
        guard let location else { throw Self.noValue(column) }
        guard !location.utf8.contains(0) else {
            throw CellFault(reason: "has a zero byte in the column '\(column.name)'")
        }
        return locations.image(at: location, id: id)
    }

    /// An image whose bytes stay in the batch until it is decoded.
    private func image(
        _ cells: TableCells,
        _ row: Int,
        _ column: TableColumn,
        id: String,
        limit: Int
    ) throws(CellFault) -> ImageReference {
        let size = cells.content(row).count
        guard size > 0 else { throw Self.noValue(column) }
        guard size <= limit else {
            let error = CLIPError.tooLarge("The image", byteCount: size, limit: limit)
            return ImageReference(id: id) { _ in throw error }
        }
        return ImageReference(id: id) { [self] buffer in
            guard let cells = rows.cells.last else { return }
            buffer.replaceSubrange(0..., with: cells.content(row))
        }
    }

    private static func noValue(_ column: TableColumn) -> CellFault {
        CellFault(reason: "has no value in the column '\(column.name)'")
    }
}
