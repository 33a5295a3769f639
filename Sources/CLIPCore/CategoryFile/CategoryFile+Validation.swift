extension CategoryFile {
    /// What makes a category file unusable, and the index of the category concerned.
    struct Fault {
        let category: Int?
        let message: String
    }

    /// Validates the category file with the same checks as when it is read from YAML.
    ///
    /// ``PromptBank`` and ``Classifier`` call this, so that they reject an invalid file that was created or changed in
    /// code.
    ///
    /// - Parameter model: The model whose vectors the file will be used with, if known.
    /// - Throws: ``CLIPError`` with code `invalidCategoryFile` that names the category and what to do, or
    ///   `modelMismatch` if the thresholds belong to another model.
    public func validate(for model: ModelDescription? = nil) throws {
        if let fault { throw CLIPError(.invalidCategoryFile, "The category file is invalid: \(fault.message)") }
        guard let model else { return }
        try requireModel(name: model.name, identity: model.identity)
    }

    /// The first fault, if any.
    var fault: Fault? {
        if categories.isEmpty { return Fault(category: nil, message: "There is no category. Add at least one.") }
        if !neutralMargin.isFinite {
            return Fault(category: nil, message: "The neutral margin is \(neutralMargin). Give a finite number.")
        }
        if neutral.contains(where: \.isBlank) {
            return Fault(category: nil, message: "A neutral description is empty. Remove it, or write one.")
        }
        if let message = CategoryFile.fault(templates: templates) { return Fault(category: nil, message: message) }
        var names = Set<String>()
        var groups = SoftmaxGroups()
        for (index, category) in categories.enumerated() {
            // The message omits the name because terminals and files may end at NUL.
            if category.name.utf8.contains(0) {
                return Fault(category: index, message: "The name of a category contains a NUL character. Remove it.")
            }
            let isRepeated = !names.insert(category.name).inserted
            let message =
                isRepeated
                ? "The name occurs twice. Rename one of the two categories." : category.fault(rule: rule(of: category))
            if let message { return Fault(category: index, message: "category '\(category.name)': \(message)") }
            if let message = groups.conflict(adding: category.name, rule(of: category)) {
                return Fault(category: index, message: message)
            }
        }
        return nil
    }

    fileprivate static func fault(templates: [String]) -> String? {
        templates.first { !PromptTemplate.isTemplate($0) }.map {
            "The template \"\($0)\" has no {} placeholder. Write {} where the description belongs."
        }
    }
}

extension String {
    fileprivate var isBlank: Bool { allSatisfy(\.isWhitespace) }
}

extension CategoryFile.Category {
    fileprivate func fault(rule: RuleChoice) -> String? {
        if positive.isEmpty && !rule.learnsFromImages { return "It has no positive descriptions. Give at least one." }
        if (positive + negative).contains(where: \.isBlank) {
            return "A description is empty. Remove it, or write one."
        }
        if !threshold.isFinite { return "Its threshold is \(threshold). Give a finite number." }
        return CategoryFile.fault(templates: templates ?? []) ?? rule.fault
    }
}

extension RuleChoice {
    fileprivate var fault: String? {
        func requireScale(_ value: Double?, _ key: String) -> String? {
            guard let value, !(1e-30...1e30 ~= value) else { return nil }
            return "The \(key) of the rule '\(name)' is \(value). Give a number from 1e-30 to 1e30."
        }
        switch self {
        case .topKMean(let k): return k > 0 ? nil : "The k of the rule '\(name)' is \(k). Give a number from 1."
        case .softmax(_, let scale): return requireScale(scale, "logit_scale")
        case .sigmoid(let scale, let bias):
            if let bias, !bias.isFinite {
                return "The logit_bias of the rule '\(name)' is \(bias). Give a finite number."
            }
            return requireScale(scale, "logit_scale")
        case .linearProbe(let regularization): return requireScale(regularization, "regularization")
        case .custom(let custom, _):
            guard !(custom.rule is any CategoryFileRule), RuleChoice.owns(name) else { return nil }
            return
                "Its rule uses the identifier '\(name)', which is reserved for a built-in rule. "
                + "Choose another identifier."
        case .contrast, .strongestNegative, .bestPrompt, .nearestExemplar, .exemplarMean: return nil
        }
    }
}

/// The logit scale of each `softmax` group: categories of a group share one probability distribution.
private struct SoftmaxGroups {
    private var firsts: [String?: (name: String, scale: Double?)] = [:]

    /// Why a category cannot join its group, or `nil` if it can.
    mutating func conflict(adding category: String, _ rule: RuleChoice) -> String? {
        func written(_ scale: Double?) -> String {
            scale.map { "the logit_scale \($0)" } ?? "the model's logit_scale"
        }
        guard case .softmax(let group, let scale) = rule else { return nil }
        guard let first = firsts.updateValue(firsts[group] ?? (category, scale), forKey: group), first.scale != scale
        else {
            return nil
        }
        let place = group.map { "the softmax group '\($0)'" } ?? "the softmax group without a name"
        return "category '\(category)' has \(written(scale)) in \(place), and category '\(first.name)' has "
            + "\(written(first.scale)). Categories of a group share one probability distribution: "
            + "give them the same logit_scale, or different groups."
    }
}
