internal import CLIPCore

/// The value of a row, or an item of its list.
struct TableCell {
    private let cells: TableCells
    /// `nil` if the list is missing or has fewer items.
    private let position: Int?

    init(_ cells: TableCells, row: Int, item: Int) {
        let positions = cells.itemPositions(row)
        self.cells = cells.items
        position = item < positions.count ? positions.lowerBound + item : nil
    }

    /// The value as a path or URI; `nil` if it is missing.
    func text() throws(CellFault) -> String? {
        guard let position else { return nil }
        return try cells.text(position)
    }

    /// The value as an id; `nil` if it is missing or cannot be one.
    var path: String? { position.flatMap(cells.path) }

    /// The bytes; empty if the value is missing.
    var content: UnsafeRawBufferPointer {
        position.map(cells.content) ?? UnsafeRawBufferPointer(start: nil, count: 0)
    }
}
