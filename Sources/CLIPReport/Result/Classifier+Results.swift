package import CLIPCore

extension Classifier {
    /// The schema of this classifier's result files.
    ///
    /// - Parameter parts: The parts to write per category, where a category has them; empty for the matching categories
    ///   alone.
    /// - Returns: The schema for writing result files.
    package func resultSchema(parts: [ResultPart]) -> ResultSchema {
        ResultSchema(self, parts: parts, hasDecisions: parts.isEmpty || parts.contains(.outcome))
    }
}

extension DecisionLimits {
    /// The limits recorded in a result file.
    package init(_ schema: ResultSchema) {
        self.init(
            names: schema.categories.map(\.name),
            thresholds: schema.categories.map(\.threshold),
            neutralMargin: schema.neutralMargin
        )
    }
}
