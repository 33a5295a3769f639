internal import CLIPCore
package import CLIPReport

extension ResultSchema {
    /// The columns of results.
    package var fields: [Field] {
        var fields = [Field(name: "id", kind: .text)]
        if hasDecisions { fields.append(Field(name: "categories", kind: .choiceLists)) }
        return fields + columns.map { Field(name: $0.name, kind: $0.part.columnKind) }
    }

    /// The names of the columns that depend on what the category file describes, whether or not these results have them.
    package var optionalColumns: [String] {
        let parts = ResultPart.allCases.filter(\.columnKind.isNullable)
        return categories.flatMap { category in parts.map { "\($0.rawValue)_\(category.name)" } }
    }

    /// The `prepare` of writers that store values by column.
    package var preparedValues: @Sendable (ResultBlock) throws -> PreparedResults {
        { block in
            try block.requireFinite(self)
            return .values(block)
        }
    }
}

extension PreparedResults {
    /// The values of the schema's fields.
    ///
    /// - Precondition: They were prepared with `preparedValues`.
    package func columns(_ schema: ResultSchema) -> [Column] {
        guard case .values(let block) = self else { preconditionFailure("columns are made of values, not text") }
        return block.columns(schema)
    }
}

extension ResultPart {
    fileprivate var columnKind: Column.Kind {
        switch self {
        case .score, .positive: .float
        case .negative, .neutral, .margin: .optionalFloat
        case .outcome, .bestPrompt: .choice
        }
    }
}

extension ResultBlock {
    /// The values of the schema's fields.
    fileprivate func columns(_ schema: ResultSchema) -> [Column] {
        var columns: [Column] = [.text(ids)]
        if schema.hasDecisions { columns.append(matches(of: schema.categories.map(\.name))) }
        return columns + schema.columns.map { column($0.part, category: $0.category, in: schema) }
    }

    /// The names of the matching categories.
    private func matches(of names: [String]) -> Column {
        var positions = [Int32]()
        let lengths = ids.indices.map { image in
            let before = positions.count
            positions += matches(image: image).map { Int32($0) }
            return positions.count - before
        }
        return .choiceLists(positions, lengths: lengths, of: names)
    }

    private func column(_ part: ResultPart, category: Int, in schema: ResultSchema) -> Column {
        switch part {
        case .score: return .float(values(evidence, category) { $0.score })
        case .positive: return .float(values(evidence, category) { $0.positive })
        case .negative: return .optionalFloats(values(evidence, category) { $0.negative })
        case .neutral: return .optionalFloats(values(evidence, category) { $0.neutral })
        case .margin: return .optionalFloats(values(evidence, category) { $0.number(.margin) })
        case .outcome:
            guard let outcomes else { preconditionFailure("the schema says that there are decisions") }
            return .choice(values(outcomes, category) { Int32($0.index) }, of: Outcome.allCases.map(\.rawValue))
        case .bestPrompt:
            guard let bestPrompts else { preconditionFailure("the schema says that the nearest prompts are known") }
            return .choice(values(bestPrompts, category) { $0 }, of: schema.categories[category].prompts)
        }
    }

    /// Collects a value of one category for each image.
    @inline(__always)
    private func values<Item, Value>(_ items: [Item], _ category: Int, _ value: (Item) -> Value) -> [Value] {
        guard !ids.isEmpty else { return [] }
        let categoryCount = categoryCount
        return items.withUnsafeBufferPointer { items in
            [Value](unsafeUninitializedCapacity: ids.count) { values, count in
                for position in stride(from: category, to: items.count, by: categoryCount) {
                    values.initializeElement(at: count, to: value(items[position]))
                    count += 1
                }
            }
        }
    }
}
