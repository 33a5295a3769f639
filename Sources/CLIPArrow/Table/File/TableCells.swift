internal import CLIPCore
internal import CLIPPipeline
internal import CLIPReport
internal import CParquet

/// The reason why a value cannot be used, as the rest of a sentence about its row.
struct CellFault: Error {
    let reason: String
    /// Whether the value is larger than a value may be.
    var isTooLarge = false
}

/// The values of one column of an imported batch, which must outlive this value.
struct TableCells {
    /// The maximum size of an id, a path or a source column's text.
    static let maximumTextBytes = LineReader.maximumLineBytes
    /// The first integer whose float is also that of another one.
    private static let firstSharedNumber = 9_007_199_254_740_992.0

    private let array: ArrowArray
    private let column: TableColumn

    init(_ batch: ImportedBatch, position: Int, column: TableColumn) {
        self.init(batch.array, child: position, column: column)
    }

    private init(_ parent: ArrowArray, child: Int, column: TableColumn) {
        guard let array = parent.children?[child]?.pointee else {
            preconditionFailure("a batch has the columns of its stream, and a list has items")
        }
        self.array = array
        self.column = column
    }

    /// The items of all lists, or the values themselves if they are no lists.
    var items: TableCells {
        column.holdsLists ? TableCells(array, child: 0, column: column.items) : self
    }

    /// The positions among ``items`` of a row's items, or of its only value.
    func itemPositions(_ row: Int) -> Range<Int> {
        guard column.holdsLists else { return row..<(row + 1) }
        guard !isMissing(row), let offsets = buffer(1) else { return 0..<0 }
        let ends = offsets.assumingMemoryBound(to: Int64.self) + Int(array.offset) + row
        return Int(ends[0])..<Int(ends[1])
    }

    /// The value of a row for a store: bytes as text, and lists of texts as JSON.
    func value(_ row: Int) throws(CellFault) -> ColumnValue {
        guard !isMissing(row) else { return .missing }
        switch column.kind {
        case .values(.text), .bytes: return .text(try utf8(row))
        case .values(.integer): return .integer(number(row))
        case .values(.number): return .number(number(row))
        case .values(.boolean): return .boolean(bit(row, ofBuffer: 1))
        case .unsigned: return .text(String(number(row) as UInt64))
        case .listsOfTexts: return .text(try json(row))
        case .listsOfBytes, .nothing, .other: return .missing
        }
    }

    /// The value of a row as an id, path or URI; `nil` if it is missing.
    func text(_ row: Int) throws(CellFault) -> String? {
        guard !isMissing(row) else { return nil }
        switch column.kind {
        case .values(.text), .bytes:
            let text = try utf8(row)
            return text.isEmpty ? nil : text
        case .values(.integer): return String(number(row) as Int64)
        case .unsigned: return String(number(row) as UInt64)
        case .values(.number): return try wholeNumber(row)
        case .values(.boolean): return bit(row, ofBuffer: 1) ? "true" : "false"
        case .listsOfTexts, .listsOfBytes, .nothing, .other: return nil
        }
    }

    /// The bytes of a row of a text or bytes column; empty if the value is missing.
    func content(_ row: Int) -> UnsafeRawBufferPointer {
        guard !isMissing(row), let offsets = buffer(1), let bytes = buffer(2) else {
            return UnsafeRawBufferPointer(start: nil, count: 0)
        }
        let ends = offsets.assumingMemoryBound(to: Int64.self) + Int(array.offset) + row
        return UnsafeRawBufferPointer(start: bytes + Int(ends[0]), count: Int(ends[1] - ends[0]))
    }

    private func utf8(_ row: Int) throws(CellFault) -> String {
        let bytes = content(row)
        try requireShort(bytes.count)
        guard let text = String(validating: bytes, as: UTF8.self) else { throw fault("is not UTF-8") }
        return text
    }

    /// A list of texts.
    private func json(_ row: Int) throws(CellFault) -> String {
        let items = items
        var json = TextBuffer()
        for position in itemPositions(row) {
            json.append(json.count == 0 ? "[" : ", ")
            if items.isMissing(position) {
                json.append("null")
            } else {
                json.append(jsonString: try items.utf8(position))
            }
        }
        json.append(json.count == 0 ? "[]" : "]")
        try requireShort(json.count)
        return json.string
    }

    /// A float as the integer that it stands for; `nil` for NaN, which stands for a missing value.
    private func wholeNumber(_ row: Int) throws(CellFault) -> String? {
        let value: Double = number(row)
        guard !value.isNaN else { return nil }
        guard value.rounded() == value, value.magnitude < Self.firstSharedNumber else {
            throw fault("has \(value)", ", which is not a whole number below 2^53")
        }
        return String(Int64(value))
    }

    private func requireShort(_ count: Int) throws(CellFault) {
        guard count <= Self.maximumTextBytes else {
            var fault = fault("has \(count) bytes", ", more than the maximum of \(Self.maximumTextBytes)")
            fault.isTooLarge = true
            throw fault
        }
    }

    private func fault(_ what: String, _ consequence: String = "") -> CellFault {
        CellFault(reason: "\(what) in the column '\(column.name)'\(consequence)")
    }

    private func isMissing(_ row: Int) -> Bool {
        array.null_count != 0 && buffer(0) != nil && !bit(row, ofBuffer: 0)
    }

    private func bit(_ row: Int, ofBuffer buffer: Int) -> Bool {
        let position = Int(array.offset) + row
        let byte = self.buffer(buffer)?.load(fromByteOffset: position / 8, as: UInt8.self) ?? 0
        return byte & (1 << (position % 8)) != 0
    }

    private func number<Value: BitwiseCopyable & Numeric>(_ row: Int) -> Value {
        buffer(1)?.assumingMemoryBound(to: Value.self)[Int(array.offset) + row] ?? 0
    }

    /// A buffer of the array; `nil` if it has none of that number, as a column of nulls has none at all.
    private func buffer(_ number: Int) -> UnsafeRawPointer? {
        number < array.n_buffers ? array.buffers?[number] : nil
    }
}
