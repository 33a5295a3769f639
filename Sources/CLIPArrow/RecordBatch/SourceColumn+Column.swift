package import CLIPCore

extension [SourceColumn] {
    /// The images' values as columns; an image without values has missing values in all of them.
    package func table(_ origins: [ImageOrigin]) -> [Column] {
        indices.map { index in
            self[index].kind.column(origins.map { $0.values.isEmpty ? .missing : $0.values[index] })
        }
    }
}

extension SourceColumn.Kind {
    /// The kind of column that stores the values.
    package var column: Column.Kind {
        switch self {
        case .text: .optionalText
        case .integer: .integer
        case .number: .number
        case .boolean: .boolean
        }
    }

    /// Converts values to a column.
    ///
    /// - Precondition: All values are of this kind or missing.
    func column(_ values: [ColumnValue]) -> Column {
        func unwrap<Value>(_ value: (ColumnValue) -> Value?) -> [Value?] {
            values.map {
                let unwrapped = value($0)
                precondition(unwrapped != nil || $0 == .missing, "\($0) is not of the kind \(rawValue)")
                return unwrapped
            }
        }
        switch self {
        case .text: return .optionalText(unwrap { if case .text(let text) = $0 { text } else { nil } })
        case .integer: return .integers(unwrap { if case .integer(let integer) = $0 { integer } else { nil } })
        case .number: return .numbers(unwrap { if case .number(let number) = $0 { number } else { nil } })
        case .boolean: return .booleans(unwrap { if case .boolean(let boolean) = $0 { boolean } else { nil } })
        }
    }

    /// Reads the values of a column of a record batch.
    ///
    /// - Throws: `CLIPError` with code `corruptData` if the column has another type.
    func values(_ batch: RecordBatch, _ name: String) throws -> [ColumnValue] {
        switch self {
        case .text: try batch.optionalTexts(name).map { $0.map(ColumnValue.text) ?? .missing }
        case .integer: try batch.integers(name).map { $0.map(ColumnValue.integer) ?? .missing }
        case .number: try batch.numbers(name).map { $0.map(ColumnValue.number) ?? .missing }
        case .boolean: try batch.booleans(name).map { $0.map(ColumnValue.boolean) ?? .missing }
        }
    }
}
