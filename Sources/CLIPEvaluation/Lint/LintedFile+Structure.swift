internal import CLIPCore

extension LintedFile {
    /// Findings from templates, thresholds and the number of prompts.
    var structureFindings: [LintFinding] {
        unusedTemplates + unusedMargin + unusedBias + singlePrompts + thresholds
    }

    /// Findings from the identity of the model.
    func modelFindings(_ model: ModelDescription) -> [LintFinding] {
        do {
            try file.requireModel(name: model.name, identity: model.identity)
            return []
        } catch {
            return [LintFinding(.error, .otherModel, at: position("model"), "\(error)")]
        }
    }

    private var unusedMargin: [LintFinding] {
        guard file.neutral.isEmpty, file.neutralMargin != 0 else { return [] }
        return [
            LintFinding(
                .warning,
                .unusedMargin,
                at: position("neutral_margin"),
                "The neutral margin has no effect without neutral descriptions. Add some under 'neutral', or remove it."
            )
        ]
    }

    private var unusedBias: [LintFinding] {
        file.categoriesWithoutBias.map { name in
            LintFinding(
                .warning,
                .unusedBias,
                at: position("categories", name, "rule") ?? position("rule"),
                category: name,
                "The logit_bias has no effect on '\(name)': with negatives, the logit is a difference in which it cancels out. "
                    + "Remove the logit_bias, or the negatives."
            )
        }
    }

    private var unusedTemplates: [LintFinding] {
        guard !file.templates.isEmpty, !described.isEmpty, described.allSatisfy({ $0.templates != nil }) else {
            return []
        }
        return [
            LintFinding(
                .warning,
                .unusedTemplates,
                at: position("templates"),
                "No category uses these templates: each has its own. Remove them."
            )
        ]
    }

    /// Finds categories with a single prompt: averaging several prompts is more robust (prompt ensembles, Radford et
    /// al., 2021).
    ///
    /// Reports all categories in one finding, because a file that lists class names would otherwise have one for each.
    private var singlePrompts: [LintFinding] {
        let single = promptSets.filter { $0.role == .positive && $0.prompts.flatMap(\.sentences).count == 1 }
        guard let first = single.first?.prompts.first else { return [] }
        let names = single.prefix(3).map { "'\($0.category ?? "")'" }.joined(separator: ", ")
        let more = single.count > 3 ? " and \(single.count - 3) more" : ""
        return [
            LintFinding(
                .note,
                .singlePrompt,
                at: first.position,
                category: single.count == 1 ? single[0].category : nil,
                "Only one prompt: \(names)\(more). More descriptions, or more templates, usually find more images."
            )
        ]
    }

    private var thresholds: [LintFinding] {
        file.categories.compactMap { category in
            let range = scoreRange(of: category)
            let problem: String
            if category.threshold > range.upperBound {
                problem = "no image reaches it"
            } else if category.threshold <= range.lowerBound {
                problem = "every image reaches it"
            } else {
                return nil
            }
            return LintFinding(
                .warning,
                .threshold,
                at: position("categories", category.name, "threshold") ?? position("threshold"),
                category: category.name,
                "The threshold \(category.threshold) of '\(category.name)': \(problem), because scores of the rule "
                    + "'\(file.rule(of: category).name)' range from \(range.lowerBound) to \(range.upperBound) here."
            )
        }
    }

    /// The smallest and the largest score that a category's rule can give.
    private func scoreRange(of category: CategoryFile.Category) -> ClosedRange<Float> {
        switch file.rule(of: category) {
        case .contrast, .strongestNegative, .bestPrompt, .topKMean: category.negative.isEmpty ? -1...1 : -2...2
        case .nearestExemplar, .exemplarMean: -2...2
        case .softmax, .sigmoid, .linearProbe: 0...1
        case .custom: -Float.infinity...Float.infinity
        }
    }
}
