import CLIPCore
import CLIPTesting
import TestSupport
import Testing

/// A category file for a rule, images, and what the rule makes of them.
struct ScoredImages {
    /// What a category file may have beside its rule.
    struct Parts: Sendable {
        var negatives = false
        var neutral = false
        var margin = false
        var templates = false

        /// With and without each.
        static let all = (0..<16).map { bits in
            Parts(negatives: bits & 1 > 0, neutral: bits & 2 > 0, margin: bits & 4 > 0, templates: bits & 8 > 0)
        }
    }

    /// The rules of a category file: one for all categories, or many that belong to single ones.
    enum Rules: Sendable, CustomTestStringConvertible {
        case one(RuleChoice)
        case mixed

        static let all: [Rules] = RuleChoice.all.map { .one(configured($0)) } + [.mixed]

        var testDescription: String {
            switch self {
            case .one(let rule): rule.description
            case .mixed: "every rule in one file"
            }
        }

        /// A rule with the parameters that the stub of a model does not give, and that leave probabilities between 0 and 1.
        static func configured(_ rule: RuleChoice, group: String? = nil) -> RuleChoice {
            switch rule {
            case .softmax: .softmax(group: group, scale: 5)
            case .sigmoid: .sigmoid(scale: 5, bias: -1)
            case .topKMean: .topKMean(k: 2)
            default: rule
            }
        }
    }

    /// Names that a format has to quote or escape.
    private static let names = ["left, \"right\"", "line\nbreak", "a.b.c", " ünï {}"]

    let file: CategoryFile
    let classifier: Classifier
    let ids: [String]
    let similarities: Similarities
    let decisions: Decisions

    /// Scores images, with thresholds and a margin that some images just reach: a rounded number would be decided otherwise.
    init(_ rules: Rules, _ parts: Parts) async throws {
        var file = Self.file(rules, parts)
        let bank = try await PromptBank(file, exemplars: Self.exemplars(file, parts), dimension: 4) { texts in
            EmbeddingMatrix(dimension: 4, values: texts.flatMap { Self.vector(seed: $0.utf8) })
        }
        var images = EmbeddingMatrix(dimension: 4, values: (0..<25).flatMap { Self.vector(seed: [UInt8($0)]) })
        try images.normalizeRows()
        ids = (0..<images.count).map { "photos/\"\($0)\",\n.jpg" }

        let scorer = try Classifier(file, bank: bank)
        similarities = try scorer.similarities(images, includingPrompts: true)
        let evidence = scorer.score(similarities)
        let count = file.categories.count
        for category in 0..<count {
            let scores = stride(from: category, to: evidence.count, by: count).map { evidence[$0].score }
            file.categories[category].threshold = scores.sorted()[scores.count / 3]
        }
        let gaps = evidence.compactMap { item in item.neutral.map { item.positive - $0 } }
        if parts.margin, !gaps.isEmpty { file.neutralMargin = gaps.sorted()[gaps.count / 2] }
        self.file = file
        classifier = try Classifier(file, bank: bank)
        decisions = try classifier.decide(evidence)
    }

    private static func file(_ rules: Rules, _ parts: Parts) -> CategoryFile {
        var own: [RuleChoice?]
        let shared: RuleChoice
        switch rules {
        case .one(let rule):
            own = names.map { _ in nil }
            shared = rule
        case .mixed:
            own = RuleChoice.all.map { Rules.configured($0, group: "first") }
            own += [.softmax(group: "first", scale: 5), .softmax(group: "second", scale: 5), nil]
            shared = .softmax(scale: 5)
        }
        return CategoryFile(
            categories: own.enumerated().map { index, rule in
                let name = index < names.count ? names[index] : "\(index)"
                return CategoryFile.Category(
                    name: name,
                    positive: ["a \(name)", "one more \(name)", "\(name) again"],
                    // Only some, so that images have evidence with and without.
                    negative: parts.negatives && index % 2 == 0 ? ["no \(name)", "other than \(name)"] : [],
                    threshold: 0,
                    templates: parts.templates && index == 1 ? [] : nil,
                    rule: rule
                )
            },
            neutral: parts.neutral ? ["a photo", "an image"] : [],
            templates: parts.templates ? ["a photo of {}.", "{} from near"] : [],
            rule: shared
        )
    }

    private static func exemplars(_ file: CategoryFile, _ parts: Parts) throws -> Exemplars {
        func images(_ name: String, _ count: Int) throws -> EmbeddingBlock {
            var vectors = EmbeddingMatrix(
                dimension: 4,
                values: (0..<count).flatMap { vector(seed: "\(name) \($0)".utf8) }
            )
            if count > 0 { try vectors.normalizeRows() }
            return EmbeddingBlock(ids: (0..<count).map { "\(name) \($0)" }, embeddings: vectors)
        }
        let pairs = try file.categories.map { category in
            let needsBoth = if case .linearProbe = file.rule(of: category) { true } else { parts.negatives }
            let positive = try images("exemplar of \(category.name)", 3)
            return (
                category.name,
                Exemplars.Category(
                    positive: positive,
                    negative: try images("others than \(category.name)", needsBoth ? 3 : 0)
                )
            )
        }
        return Exemplars(Dictionary(uniqueKeysWithValues: pairs))
    }

    /// Four numbers from a hash of the seed (FNV-1a), with more digits than a short decimal holds; one of them may be −0.
    private static func vector(seed: some Sequence<UInt8>) -> [Float] {
        var state: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in seed { state = (state ^ UInt64(byte)) &* 0x100_0000_01b3 }
        return (0..<4).map { _ in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let value = Float(Int32(truncatingIfNeeded: state >> 32)) / Float(Int32.max)
            return abs(value) < 0.05 ? -0.0 : value
        }
    }
}
