extension PromptBank {
    /// Checks that the bank has the vectors that a category file needs.
    ///
    /// Thresholds and margin may have changed since the bank was made, and rules between those that compare with
    /// descriptions; not what the vectors were made from.
    ///
    /// - Throws: ``CLIPError`` with code `invalidCategoryFile` that names the difference.
    func requireFit(_ other: CategoryFile) throws {
        func refuse(_ difference: String) -> CLIPError {
            CLIPError(
                .invalidCategoryFile,
                "The category file and the prompt bank have different \(difference). Make the bank from this file."
            )
        }
        guard file.categories.map(\.name) == other.categories.map(\.name) else { throw refuse("categories") }
        for (mine, theirs) in zip(file.categories, other.categories) {
            let (rule, otherRule) = (file.rule(of: mine), other.rule(of: theirs))
            guard rule.learnsFromImages == otherRule.learnsFromImages,
                rule == otherRule || !(rule.isFitted || otherRule.isFitted)
            else { throw refuse("rules for the category '\(mine.name)', which need other vectors") }
            let definition = ScoreDefinition(mine, in: file)
            guard !rule.learnsFromImages,
                let difference = definition.difference(from: ScoreDefinition(theirs, in: other))
            else { continue }
            throw refuse("\(difference) for the category '\(mine.name)'")
        }
    }
}

extension RuleChoice {
    /// Whether a bank holds the rule's fitted parameters.
    fileprivate var isFitted: Bool { if case .linearProbe = self { true } else { false } }
}
