package import CLIPCore

extension [SourceColumn] {
    /// Each column once, by name; where the kinds of one differ, it holds numbers, or else texts.
    package func joinedByName() -> [SourceColumn] {
        var names = [String]()
        var kinds = [String: SourceColumn.Kind]()
        for column in self {
            if let known = kinds[column.name] {
                kinds[column.name] = known.joined(with: column.kind)
            } else {
                names.append(column.name)
                kinds[column.name] = column.kind
            }
        }
        return names.map { SourceColumn($0, kinds[$0] ?? .text) }
    }

    /// A sentence about columns whose kinds differ; `nil` if there are none.
    package var noteOnMixedKinds: String? {
        let stored = joinedByName()
        let mixed = stored.filter { column in contains { $0.name == column.name && $0.kind != column.kind } }
        guard !mixed.isEmpty else { return nil }
        let columns = mixed.map { "'\($0.name)' as \($0.kind == .number ? "floats" : "texts")" }.joined(separator: ", ")
        return "Columns whose values differ in kind are stored \(columns)."
    }
}

extension SourceColumn.Kind {
    /// The kind that holds the values of both.
    fileprivate func joined(with other: SourceColumn.Kind) -> SourceColumn.Kind {
        if self == other { return self }
        return Set([self, other]) == [.integer, .number] ? .number : .text
    }
}

extension ColumnValue {
    /// The value in a column of a kind that holds values of its own kind too.
    package func converted(to kind: SourceColumn.Kind) -> ColumnValue {
        switch (self, kind) {
        case (.integer(let value), .number): .number(Double(value))
        case (.integer(let value), .text): .text("\(value)")
        case (.number(let value), .text): .text("\(value)")
        case (.boolean(let value), .text): .text("\(value)")
        default: self
        }
    }
}
