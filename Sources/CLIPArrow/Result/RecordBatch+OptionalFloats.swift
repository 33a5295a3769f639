internal import CParquet

extension RecordBatch {
    /// The 32-bit floats of a column of which some may be missing: null, or not a number as version 0.1.0 wrote it.
    ///
    /// - Throws: `CLIPError` with code `corruptData` when it holds something else.
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
