internal import CLIPCore
internal import CParquet

/// The values of one column of an imported batch, which must outlive it.
struct TableCells {
    private let array: ArrowArray
    private let kind: TableColumn.Kind

    init(_ batch: ImportedBatch, column: Int, kind: TableColumn.Kind) {
        guard let array = batch.array.children?[column]?.pointee else {
            preconditionFailure("a batch has the columns of its stream")
        }
        self.array = array
        self.kind = kind
    }

    /// The value of a row, for a person and a store; bytes and columns of other types have none.
    subscript(row: Int) -> ColumnValue {
        guard case .values(let kind) = kind, !isMissing(row) else { return .missing }
        switch kind {
        case .text: return .text(String(decoding: content(row), as: UTF8.self))
        case .integer: return .integer(value(row))
        case .number: return .number(value(row))
        case .boolean: return .boolean(bit(row, ofBuffer: 1))
        }
    }

    /// The bytes of a row of a text or bytes column, empty where there is no value.
    func content(_ row: Int) -> UnsafeRawBufferPointer {
        guard !isMissing(row), let offsets = array.buffers?[1], let bytes = array.buffers?[2] else {
            return UnsafeRawBufferPointer(start: nil, count: 0)
        }
        let ends = offsets.assumingMemoryBound(to: Int64.self) + Int(array.offset) + row
        return UnsafeRawBufferPointer(start: bytes + Int(ends[0]), count: Int(ends[1] - ends[0]))
    }

    private func isMissing(_ row: Int) -> Bool {
        array.null_count != 0 && array.buffers?[0] != nil && !bit(row, ofBuffer: 0)
    }

    private func bit(_ row: Int, ofBuffer buffer: Int) -> Bool {
        let position = Int(array.offset) + row
        let byte = array.buffers?[buffer]?.load(fromByteOffset: position / 8, as: UInt8.self) ?? 0
        return byte & (1 << (position % 8)) != 0
    }

    private func value<Value: BitwiseCopyable & Numeric>(_ row: Int) -> Value {
        array.buffers?[1]?.assumingMemoryBound(to: Value.self)[Int(array.offset) + row] ?? 0
    }
}
