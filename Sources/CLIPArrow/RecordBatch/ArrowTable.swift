internal import CParquet

/// Values in the form of the Arrow C data interface, for receivers outside this module.
package enum ArrowTable {
    /// Exports columns.
    ///
    /// - Parameters:
    ///   - fields: The columns' names and kinds.
    ///   - columns: Their values.
    ///   - body: Receives an `ArrowArray` and an `ArrowSchema`. It may move them; what it leaves is released.
    package static func export(
        _ fields: [Field],
        _ columns: [Column],
        to body: (_ array: UnsafeMutableRawPointer, _ schema: UnsafeMutableRawPointer) throws -> Void
    ) rethrows {
        var array = ArrowArray(table: columns)
        defer { array.release?(&array) }
        var schema = ArrowSchema(fields, metadata: [])
        defer { schema.release?(&schema) }
        try body(&array, &schema)
    }
}
