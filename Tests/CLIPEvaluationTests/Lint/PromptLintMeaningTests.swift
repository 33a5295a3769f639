import CLIPCore
import CLIPEvaluation
import CLIPTesting
import Testing

/// What a model tells: here one that has learnt how alike some texts are, and thinks that all others are unlike.
@Suite struct PromptLintMeaningTests {
    private func findings(_ text: String, alike: [String: (String, Float)] = [:]) async throws -> [LintFinding] {
        let embedder = TextEmbedder(tokenizer: StubTokenizer(), encoder: TaughtEncoder(alike: alike))
        return try await PromptLint(text: text, name: "file.yaml")
            .findings(tokenizer: embedder.tokenizer, embedder: embedder)
    }

    private func summary(_ findings: [LintFinding]) -> [String] {
        findings.map { finding in
            let place = finding.position.map { " \($0.line):\($0.column)" } ?? ""
            return "\(finding.severity.rawValue) \(finding.rule.rawValue)\(place)"
        }
    }

    private static let file = """
        threshold: 0.1
        categories:
          dog:
            positive: [a dog, a puppy]
            negative: [a cat, a wolf]
          cat:
            positive: [a cat, a kitten]
            negative: [a lynx]
          car:
            positive: [a car, an automobile]
            negative: [a bus]
        """

    @Test func unlikeDescriptionsHaveNoFindings() async throws {
        #expect(try await findings(Self.file).isEmpty)
        let synonyms: [String: (String, Float)] = ["a puppy": ("a dog", 0.9), "an automobile": ("a car", 0.93)]
        #expect(try await findings(Self.file, alike: synonyms).isEmpty)
    }

    @Test func numbersOfAnotherModelAreAnError() async throws {
        let embedder = TextEmbedder(tokenizer: StubTokenizer(), encoder: TaughtEncoder(alike: [:]))
        let model = ModelDescription.stub(dimension: 2)
        func found(_ sha256: String) async throws -> [String] {
            let lint = PromptLint(text: "model: \(sha256)\n" + Self.file, name: "file.yaml")
            let findings = try await lint.findings(tokenizer: embedder.tokenizer, embedder: embedder, model: model)
            return summary(findings)
        }
        #expect(try await found(String(repeating: "f", count: 64)) == ["error other-model 1:1"])
        #expect(try await found("'\(model.identity)'").isEmpty)
    }

    @Test func descriptionsThatAreOneToTheModelAreNoted() async throws {
        let found = try await findings(Self.file, alike: ["an automobile": ("a car", 0.99)])
        #expect(summary(found) == ["note similar-prompts 10:23"])
        #expect(found.first?.message.contains("0.99") == true)
    }

    @Test func aPositiveThatIsNearerToANegativeIsNamed() async throws {
        #expect(
            summary(try await findings(Self.file, alike: ["a puppy": ("a wolf", 0.85)]))
                == ["warning nearer-negative 4:23"]
        )
        // What is easily mistaken for it is no mistake, and neither is what all positives are near.
        #expect(try await findings(Self.file, alike: ["a puppy": ("a wolf", 0.65)]).isEmpty)
        let both: [String: (String, Float)] = ["a wolf": ("a dog", 0.9), "a puppy": ("a dog", 0.9)]
        #expect(try await findings(Self.file, alike: both).isEmpty)
    }

    @Test func theOnlyPositiveMustDifferFromTheNegatives() async throws {
        let text = "threshold: 0.1\ncategories:\n  dog: {positive: [a dog], negative: [a wolf]}"
        let near = try await findings(text, alike: ["a wolf": ("a dog", 0.95)])
        #expect(summary(near).contains("warning nearer-negative 3:20"))
        #expect(try await findings(text, alike: ["a wolf": ("a dog", 0.6)]).map(\.rule) == [.singlePrompt])
    }

    @Test func categoriesThatAreOneToTheModelAreNamed() async throws {
        let same: [String: (String, Float)] = ["a puppy": ("a car", 0.95), "an automobile": ("a dog", 0.95)]
        let found = try await findings(Self.file, alike: same)
        #expect(summary(found) == ["warning similar-categories 9:3"])
        #expect(found.first?.message.contains("'dog'") == true)
    }

    @Test func inAFileOfNearCategoriesOnlyThoseThatStandOutAreNamed() async throws {
        // Every breed is alike: what is usual in the file is no finding.
        let breeds = ["beagle", "poodle", "collie", "boxer", "whippet"]
        let lines = breeds.map { "  \($0): {positive: [a \($0), a \($0) dog]}" }
        let text = "threshold: 0.1\ncategories:\n" + lines.joined(separator: "\n")
        let alike = Dictionary(
            uniqueKeysWithValues: breeds.flatMap {
                [("a \($0)", ("a dog", Float(0.92))), ("a \($0) dog", ("a dog", 0.92))]
            }
        )
        #expect(try await findings(text, alike: alike).allSatisfy { $0.rule != .similarCategories })
    }

    @Test func whatTheModelDoesNotReadIsShown() async throws {
        let long = "a dog on a sofa in a very large room"
        let text = """
            threshold: 0.1
            templates: ["{}", "a photo of {}"]
            categories:
              dog: {positive: ["\(long)", a puppy]}
            """
        let found = try await findings(text)
        #expect(summary(found) == ["warning too-long 4:20"])
        // The stub reads 32 bytes, and its pieces are the bytes plus one.
        let sentence = "a photo of \(long)"
        #expect(found.first?.message.contains("\(sentence.utf8.count) tokens in its longest template") == true)
        let cut = sentence.utf8.dropFirst(32).prefix(12).map { "\(Int($0) + 1)" }.joined(separator: " ")
        #expect(found.first?.message.contains("Truncated: \(cut) …") == true)
    }

    @Test func aCategoryThatLearnsFromImagesIsPassedOver() async throws {
        #expect(try await findings("threshold: 0.1\nrule: nearest-exemplar\ncategories: {dog: {}, cat: {}}").isEmpty)
        let mixed = Self.file + "\n  truck: {positive: [a car, an automobile], rule: exemplar-mean}"
        #expect(try await findings(mixed).isEmpty)
    }
}

/// Gives texts random directions, and some of them a cosine with another text.
private struct TaughtEncoder: TextEncoder {
    let model = ModelDescription.stub(dimension: 512)
    let alike: [String: (String, Float)]

    func encode(_ tokens: TokenBatch) throws -> EmbeddingMatrix {
        var result = EmbeddingMatrix(dimension: 512)
        for text in 0..<tokens.count {
            let ids = tokens.ids[text * tokens.length..<(text + 1) * tokens.length].prefix { $0 > 0 }
            result.append(try vector(String(decoding: ids.map { UInt8($0 - 1) }, as: UTF8.self)))
        }
        try result.normalizeRows()
        return result
    }

    private func vector(_ text: String) throws -> [Float] {
        let own = try StubImageEncoder(dimension: 512).vector(for: text.utf8)
        guard let (other, cosine) = alike[text] else { return own }
        let others = try StubImageEncoder(dimension: 512).vector(for: other.utf8)
        return zip(own, others).map { (1 - cosine * cosine).squareRoot() * $0 + cosine * $1 }
    }
}
