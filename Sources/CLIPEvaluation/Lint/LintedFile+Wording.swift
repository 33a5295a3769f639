internal import CLIPCore

extension LintedFile {
    /// Findings from the texts of the descriptions.
    var wordingFindings: [LintFinding] {
        promptSets.flatMap { negations($0) + repetitions($0) } + contradictions + sharedPrompts + neutralPositives
    }

    /// Finds negations, which text encoders largely ignore: the vector of "no dog" is close to that of "a dog".
    private func negations(_ set: PromptSet) -> [LintFinding] {
        guard let category = set.category else { return [] }
        return set.prompts.filter { Negation.begins($0.text) }.map { prompt in
            let advice =
                set.role == .positive
                ? "Describe what the image shows, and put what it must not show among the negatives, without the \"no\"."
                : "Name the thing itself: a negative description is what the category is not: \"a dog\", not \"no dog\"."
            return LintFinding(
                .warning,
                .negation,
                at: prompt.position,
                category: category,
                "\"\(prompt.text)\" names something that should be absent, but models read it as present. \(advice)"
            )
        }
    }

    private func repetitions(_ set: PromptSet) -> [LintFinding] {
        var seen = [String: Prompt]()
        return set.prompts.compactMap { prompt in
            guard let first = seen.updateValue(prompt, forKey: prompt.folded) else { return nil }
            return LintFinding(
                .warning,
                .repeatedPrompt,
                at: prompt.position,
                category: set.category,
                "\"\(prompt.text)\" repeats \"\(first.text)\" in \(set.name), so it counts twice. Remove one."
            )
        }
    }

    /// Finds descriptions that are both positive and negative for a category.
    private var contradictions: [LintFinding] {
        var positives = [String: Set<String>]()
        for set in sets(.positive) { positives[set.category] = Set(set.prompts.map(\.folded)) }
        return sets(.negative).flatMap { category, prompts in
            prompts.filter { positives[category]?.contains($0.folded) ?? false }.map { prompt in
                LintFinding(
                    .error,
                    .contradiction,
                    at: prompt.position,
                    category: category,
                    "\"\(prompt.text)\" is a positive and a negative description of '\(category)'. Remove one."
                )
            }
        }
    }

    /// Finds positive descriptions shared by two categories, which is correct if an image can belong to both.
    private var sharedPrompts: [LintFinding] {
        let rules = Dictionary(uniqueKeysWithValues: described.map { ($0.name, file.rule(of: $0)) })
        var seen = [String: String]()
        return sets(.positive).flatMap { category, prompts in
            prompts.compactMap { prompt in
                guard let other = seen[prompt.folded], other != category else {
                    seen[prompt.folded] = category
                    return nil
                }
                let compete = rules[category].flatMap { rules[other]?.competes(with: $0) } ?? false
                let advice =
                    compete
                    ? "They share one probability, so such an image matches neither. Keep it in only one of them."
                    : "That is correct if such an image belongs to both."
                return LintFinding(
                    compete ? .warning : .note,
                    .sharedPrompt,
                    at: prompt.position,
                    category: category,
                    "\"\(prompt.text)\" is also a positive description of '\(other)'. \(advice)"
                )
            }
        }
    }

    /// Finds neutral descriptions that are also positive ones.
    private var neutralPositives: [LintFinding] {
        let neutral = promptSets.first { $0.role == .neutral }?.prompts ?? []
        return sets(.positive).flatMap { category, prompts -> [LintFinding] in
            let sentences = Set(prompts.flatMap { [$0.folded] + $0.sentences.map(Prompt.fold) })
            return neutral.filter { sentences.contains($0.folded) }.map { prompt in
                LintFinding(
                    .warning,
                    .neutralPositive,
                    at: prompt.position,
                    category: category,
                    "\"\(prompt.text)\" is both neutral and a positive description of '\(category)', which can then hardly be "
                        + "more similar to an image than the neutral set. Remove one."
                )
            }
        }
    }

    /// The lists with a role, each with its category.
    private func sets(_ role: PromptSet.Role) -> [(category: String, prompts: [Prompt])] {
        promptSets.compactMap { set in
            guard set.role == role, let category = set.category else { return nil }
            return (category, set.prompts)
        }
    }
}

/// Detects descriptions that begin with a negation.
private enum Negation {
    private static let words: Set = [
        "no", "not", "without", "exclude", "excludes", "excluding", "except", "excepting", "never", "avoid", "neither",
    ]
    private static let phrases = ["anything but", "everything but", "anything except", "everything except", "none of"]
    /// Things that have "no" or "not" written on them.
    private static let inscribed: Set = ["sign", "signs", "symbol", "symbols", "zone", "zones"]

    static func begins(_ text: String) -> Bool {
        let folded = LintedFile.Prompt.fold(text)
        let parts = folded.split { !$0.isLetter && $0 != "'" && $0 != "-" }.map(String.init)
        guard let first = parts.first, !isInscription(parts) else { return false }
        let hasPhrase = phrases.contains { folded == $0 || folded.hasPrefix("\($0) ") }
        return hasPhrase || (words.contains(first) && parts.count > 1 && folded.hasPrefix("\(first) "))
    }

    /// Whether words name a thing by its inscription: "no smoking sign", but neither "no sign" nor "not a stop sign".
    private static func isInscription(_ parts: [String]) -> Bool {
        guard parts.count > 2, ["no", "not"].contains(parts[0]), !["a", "an", "the"].contains(parts[1]) else {
            return false
        }
        return parts.last.map { inscribed.contains($0) } ?? false
    }
}
