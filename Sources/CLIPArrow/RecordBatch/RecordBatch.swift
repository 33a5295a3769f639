internal import CLIPCore
internal import CParquet

/// Reads typed columns of an imported record batch, which must outlive this value.
struct RecordBatch {
    private let array: ArrowArray
    private let schema: ArrowSchema
    private let file: String

    init(_ array: ArrowArray, schema: ArrowSchema, file: String) {
        self.array = array
        self.schema = schema
        self.file = file
    }

    typealias Child = (array: ArrowArray, format: String, schema: ArrowSchema)

    /// The texts of a column.
    ///
    /// - Throws: `CLIPError` with code `corruptData` if the column has another type or missing values.
    func texts(_ name: String) throws -> [String] {
        let column = try column(name)
        switch column.format {
        case "u": return try texts(column.array, name, offsets: Int32.self)
        case "U": return try texts(column.array, name, offsets: Int64.self)
        default: throw wrongType(name, "texts", column.format)
        }
    }

    /// The vectors of a column, of 32-bit or 16-bit floats.
    ///
    /// - Throws: `CLIPError` with code `corruptData` if the column has another type or missing values.
    func vectors(_ name: String) throws -> EmbeddingMatrix {
        let column = try column(name)
        let itemFormat = (column.schema.children?[0]?.pointee.format).map { String(cString: $0) }
        guard column.format.hasPrefix("+w:"), let dimension = Int(column.format.dropFirst(3)), dimension > 0,
            let item = column.array.children?[0]?.pointee, item.null_count == 0,
            itemFormat == Column.Kind.float.format || itemFormat == Column.Kind.half.format
        else { throw wrongType(name, "vectors of floats of equal length, without missing values", column.format) }
        let count = Int(column.array.length)
        let start = Int(column.array.offset) * dimension + Int(item.offset)
        return EmbeddingMatrix(count: count, dimension: dimension) { values in
            guard count > 0, let source = item.buffers?[1] else { return }
            if itemFormat == Column.Kind.half.format {
                let halves = source.assumingMemoryBound(to: UInt16.self) + start
                for index in values.indices { values[index] = HalfFloat.value(halves[index]) }
            } else {
                let bytes = UnsafeRawBufferPointer(
                    start: source + start * MemoryLayout<Float>.stride,
                    count: values.count * MemoryLayout<Float>.stride
                )
                UnsafeMutableRawBufferPointer(values).copyMemory(from: bytes)
            }
        }
    }

    /// The 32-bit floats of a column.
    ///
    /// - Throws: `CLIPError` with code `corruptData` if the column has another type or missing values.
    func floats(_ name: String) throws -> UnsafeBufferPointer<Float> {
        let column = try column(name)
        guard column.format == Column.Kind.float.format else { throw wrongType(name, "32-bit floats", column.format) }
        let values = column.array.buffers?[1]?.assumingMemoryBound(to: Float.self)
        return UnsafeBufferPointer(
            start: values.map { $0 + Int(column.array.offset) },
            count: values == nil ? 0 : Int(column.array.length)
        )
    }

    /// The array, format and schema of a column.
    ///
    /// - Throws: `CLIPError` with code `corruptData` if there is no such column, or a required one has missing values.
    func column(_ name: String, isRequired: Bool = true) throws -> Child {
        for index in 0..<Int(schema.n_children) {
            guard let schema = schema.children?[index]?.pointee, let array = array.children?[index]?.pointee,
                String(cString: schema.name).utf8.elementsEqual(name.utf8)
            else { continue }
            guard array.null_count == 0 || !isRequired else {
                throw CLIPError(.corruptData, "\(file): the column '\(name)' has rows without a value.")
            }
            return (array, String(cString: schema.format), schema)
        }
        throw CLIPError(.corruptData, "\(file): there is no column '\(name)'.")
    }

    /// - Throws: `CLIPError` with code `corruptData` if a text is not UTF-8.
    func texts<Offset: FixedWidthInteger>(
        _ column: ArrowArray,
        _ name: String,
        offsets: Offset.Type
    ) throws -> [String] {
        guard column.length > 0, let ends = column.buffers?[1], let bytes = column.buffers?[2] else {
            return [String](repeating: "", count: Int(column.length))
        }
        let positions = ends.assumingMemoryBound(to: Offset.self) + Int(column.offset)
        return try (0..<Int(column.length)).map { row in
            let start = Int(positions[row])
            let text = UnsafeRawBufferPointer(start: bytes + start, count: Int(positions[row + 1]) - start)
            guard let text = String(validating: text, as: UTF8.self) else {
                throw CLIPError(.corruptData, "\(file): the column '\(name)' has a text that is not UTF-8.")
            }
            return text
        }
    }

    func wrongType(_ name: String, _ expected: String, _ format: String) -> CLIPError {
        CLIPError(.corruptData, "\(file): the column '\(name)' does not hold \(expected) (Arrow format \(format)).")
    }
}
