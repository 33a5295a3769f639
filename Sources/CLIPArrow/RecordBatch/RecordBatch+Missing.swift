internal import CLIPCore
internal import CParquet

extension RecordBatch {
    /// The texts of a column, with `nil` for missing values.
    ///
    /// - Throws: `CLIPError` with code `corruptData` if the column has another type.
    func optionalTexts(_ name: String) throws -> [String?] {
        let column = try column(name, isRequired: false)
        let texts =
            switch column.format {
            case "u": try texts(column.array, name, offsets: Int32.self)
            case "U": try texts(column.array, name, offsets: Int64.self)
            default: throw wrongType(name, "texts", column.format)
            }
        return Self.missing(texts, in: column.array)
    }

    /// The 64-bit integers of a column, with `nil` for missing values.
    ///
    /// - Throws: `CLIPError` with code `corruptData` if the column has another type.
    func integers(_ name: String) throws -> [Int64?] {
        try numbers(name, kind: .integer, "64-bit integers")
    }

    /// The 64-bit floats of a column, with `nil` for missing values.
    ///
    /// - Throws: `CLIPError` with code `corruptData` if the column has another type.
    func numbers(_ name: String) throws -> [Double?] {
        try numbers(name, kind: .number, "64-bit floats")
    }

    /// The booleans of a column, with `nil` for missing values.
    ///
    /// - Throws: `CLIPError` with code `corruptData` if the column has another type.
    func booleans(_ name: String) throws -> [Bool?] {
        let column = try column(name, isRequired: false)
        guard column.format == Column.Kind.boolean.format else { throw wrongType(name, "booleans", column.format) }
        guard let bits = column.array.buffers?[1] else {
            return [Bool?](repeating: nil, count: Int(column.array.length))
        }
        let values = (0..<Int(column.array.length)).map { Self.bit(Int(column.array.offset) + $0, of: bits) }
        return Self.missing(values, in: column.array)
    }

    private func numbers<Value>(_ name: String, kind: Column.Kind, _ expected: String) throws -> [Value?] {
        let column = try column(name, isRequired: false)
        guard column.format == kind.format else { throw wrongType(name, expected, column.format) }
        guard let buffer = column.array.buffers?[1] else {
            return [Value?](repeating: nil, count: Int(column.array.length))
        }
        let values = UnsafeBufferPointer(
            start: buffer.assumingMemoryBound(to: Value.self) + Int(column.array.offset),
            count: Int(column.array.length)
        )
        return Self.missing(values, in: column.array)
    }

    /// The values, with `nil` according to the validity bitmap.
    private static func missing<Value>(_ values: some Collection<Value>, in array: ArrowArray) -> [Value?] {
        guard array.null_count != 0, let validity = array.buffers?[0] else { return Array(values) }
        return values.enumerated().map { index, value in bit(Int(array.offset) + index, of: validity) ? value : nil }
    }

    private static func bit(_ index: Int, of bits: UnsafeRawPointer) -> Bool {
        bits.load(fromByteOffset: index / 8, as: UInt8.self) >> UInt8(index % 8) & 1 == 1
    }
}
