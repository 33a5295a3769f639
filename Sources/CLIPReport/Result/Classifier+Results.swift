package import CLIPCore

extension Classifier {
    /// Describes result files of this classifier.
    ///
    /// - Parameter parts: What rows are to hold for each category, as far as the category has it; none for decisions alone,
    ///   which say what categories match.
    /// - Returns: What result files are written with.
    package func resultSchema(parts: [ResultPart]) -> ResultSchema {
        ResultSchema(self, parts: parts, hasDecisions: parts.isEmpty || parts.contains(.outcome))
    }
}

extension DecisionLimits {
    /// The limits that a result file was made with.
    package init(_ schema: ResultSchema) {
        self.init(
            names: schema.categories.map(\.name),
            thresholds: schema.categories.map(\.threshold),
            neutralMargin: schema.neutralMargin
        )
    }
}
