internal import CLIPCore
internal import CLIPPipeline

/// A record batch of a worker's input.
// Sendable: nothing changes after `init`.
final class WorkerBatch: @unchecked Sendable {
    /// The ids of all rows.
    let ids: [String]
    /// The batch with all columns.
    let batch: StreamBatch
    /// The ids' and the images' columns.
    private let rows: TableBatch
    private let columns: WorkerColumns

    private var images: TableCells { rows.cells[1] }

    /// Reads the ids.
    ///
    /// - Parameters:
    ///   - batch: The batch.
    ///   - columns: The roles of its columns.
    ///   - place: What to call it in messages.
    /// - Throws: `CLIPError` with code `corruptData` that names a row without a usable id.
    init(_ batch: StreamBatch, columns: WorkerColumns, place: String) throws {
        self.batch = batch
        self.columns = columns
        rows = try batch.columns([columns.id, columns.image])
        let cells = rows.cells[0]
        ids = try (0..<rows.count).map { row in
            func failure(_ reason: String) -> CLIPError {
                CLIPError(.corruptData, "\(place): row \(row + 1) \(reason). Every row needs an id.")
            }
            do {
                guard let text = try cells.text(row) else {
                    throw failure("has no value in the column '\(columns.id.name)'")
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
        ids.indices.map { row in
            do throws(CellFault) {
                return try image(row, id: Self.id(row), locations)
            } catch {
                let error = CLIPError(.corruptData, "The row \(error.reason).")
                return ImageReference(id: Self.id(row)) { _ in throw error }
            }
        }
    }

    private static func id(_ row: Int) -> String { "row \(row + 1) of a batch" }

    private func image(_ row: Int, id: String, _ locations: ImageLocations) throws(CellFault) -> ImageReference {
        let noValue = CellFault(reason: "has no value in the column '\(columns.image.name)'")
        guard columns.holdsLocations else {
            let size = images.content(row).count
            guard size > 0 else { throw noValue }
            let limit = locations.maximumFileBytes
            guard size <= limit else {
                let error = CLIPError.tooLarge("The image", byteCount: size, limit: limit)
                return ImageReference(id: id) { _ in throw error }
            }
            return ImageReference(id: id) { [self] in $0.replaceSubrange(0..., with: images.content(row)) }
        }
        guard let location = try images.text(row) else { throw noValue }
        guard !location.utf8.contains(0) else {
            throw CellFault(reason: "has a zero byte in the column '\(columns.image.name)'")
        }
        return locations.image(at: location, id: id)
    }
}
