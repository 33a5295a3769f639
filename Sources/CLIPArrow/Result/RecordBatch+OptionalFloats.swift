internal import CParquet

extension RecordBatch {
    /// The 32-bit floats of a column with missing values, which are null, or NaN in files of version 0.1.0.
    ///
    /// - Throws: `CLIPError` with code `corruptData` if the column has another type.
    func optionalFloats(_ name: String) throws -> [Float?] {
        let (array, format, _) = try column(name, isRequired: false)
        guard format == Column.Kind.optionalFloat.format else { throw wrongType(name, "32-bit floats", format) }
        let rows = Int(array.offset)..<Int(array.offset + array.length)
        guard !rows.isEmpty, let values = array.buffers?[1]?.assumingMemoryBound(to: Float.self) else {
            return [Float?](repeating: nil, count: rows.count)
        }
        let validity = array.buffers?[0]?.assumingMemoryBound(to: UInt8.self)
        return rows.map { row in
            let isMissing = validity.map { $0[row / 8] >> (row % 8) & 1 == 0 } ?? false
            return isMissing || values[row].isNaN ? nil : values[row]
        }
    }
}
