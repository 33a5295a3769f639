internal import CLIPCore
internal import CLIPPipeline
internal import CParquet

/// The reason why a value cannot be used, as the rest of a sentence about its row.
struct CellFault: Error {
    let reason: String
}

/// The values of one column of an imported batch, which must outlive this value.
struct TableCells {
    /// The maximum size of an id, a path or a source column's text.
    private static let maximumTextBytes = LineReader.maximumLineBytes

    private let array: ArrowArray
    private let column: TableColumn

    init(_ batch: ImportedBatch, position: Int, column: TableColumn) {
        guard let array = batch.array.children?[position]?.pointee else {
            preconditionFailure("a batch has the columns of its stream")
        }
        self.array = array
        self.column = column
    }

    /// The value of a row for a store; bytes and columns of other types have none.
    func value(_ row: Int) throws(CellFault) -> ColumnValue {
        guard !isMissing(row) else { return .missing }
        switch column.kind {
        case .values(.text): return .text(try utf8(row))
        case .values(.integer): return .integer(number(row))
        case .values(.number): return .number(number(row))
        case .values(.boolean): return .boolean(bit(row, ofBuffer: 1))
        case .unsigned:
            let value: UInt64 = number(row)
            guard let integer = Int64(exactly: value) else {
                throw fault("has \(value)", ", more than the maximum of \(Int64.max)")
            }
            return .integer(integer)
        case .bytes, .other: return .missing
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
        case .values(.number), .values(.boolean), .other: return nil
        }
    }

    /// The bytes of a row of a text or bytes column; empty if the value is missing.
    func content(_ row: Int) -> UnsafeRawBufferPointer {
        guard !isMissing(row), let offsets = array.buffers?[1], let bytes = array.buffers?[2] else {
            return UnsafeRawBufferPointer(start: nil, count: 0)
        }
        let ends = offsets.assumingMemoryBound(to: Int64.self) + Int(array.offset) + row
        return UnsafeRawBufferPointer(start: bytes + Int(ends[0]), count: Int(ends[1] - ends[0]))
    }

    private func utf8(_ row: Int) throws(CellFault) -> String {
        let bytes = content(row)
        guard bytes.count <= Self.maximumTextBytes else {
            throw fault("has \(bytes.count) bytes", ", more than the maximum of \(Self.maximumTextBytes)")
        }
        guard let text = String(validating: bytes, as: UTF8.self) else { throw fault("is not UTF-8") }
        return text
    }

    private func fault(_ what: String, _ consequence: String = "") -> CellFault {
        CellFault(reason: "\(what) in the column '\(column.name)'\(consequence)")
    }

    private func isMissing(_ row: Int) -> Bool {
        array.null_count != 0 && array.buffers?[0] != nil && !bit(row, ofBuffer: 0)
    }

    private func bit(_ row: Int, ofBuffer buffer: Int) -> Bool {
        let position = Int(array.offset) + row
        let byte = array.buffers?[buffer]?.load(fromByteOffset: position / 8, as: UInt8.self) ?? 0
        return byte & (1 << (position % 8)) != 0
    }

    private func number<Value: BitwiseCopyable & Numeric>(_ row: Int) -> Value {
        array.buffers?[1]?.assumingMemoryBound(to: Value.self)[Int(array.offset) + row] ?? 0
    }
}
