/// The vectors of a category file: one unit vector per prompt set and one per single prompt.
///
/// A prompt set (the positive or negative descriptions of a category, or the neutral ones) becomes one vector: the
/// normalised mean of the normalised vectors of its sentences. With templates, a set's sentences are all descriptions
/// in all templates; a single prompt's vector is computed in the same way from the sentences of one description. This
/// is the prompt ensemble of Radford et al. (2021), as open_clip's `build_zero_shot_classifier` computes it.
///
/// ```swift
/// let bank = try await PromptBank(file, embedder: TextEmbedder(tokenizer: tokenizer, encoder: encoder))
/// let classifier = try Classifier(file, bank: bank)
/// ```
///
/// Categories whose rule learns from labelled images use those instead of descriptions: each image is a single prompt,
/// and the vector of a set is the normalised mean of its images, or the fitted direction for `linear-probe`.
public struct PromptBank: Sendable {
    /// The model that embedded the prompts; `nil` for vectors without a model, for example in tests.
    public let model: ModelDescription?
    /// The meaning of each row of ``vectors``.
    public let layout: PromptLayout
    /// Unit vectors: one per prompt set, followed by one per single prompt.
    public let vectors: EmbeddingMatrix
    /// For each row of ``vectors``, the length of the mean before the final normalisation, 0…1.
    ///
    /// It measures how well the sentences agree: 1 if all vectors point the same way, near 0 if they cancel out.
    package let agreement: [Float]
    /// The category file that the vectors were made from.
    package let file: CategoryFile
    /// The logistic regression of each category whose rule is `linear-probe`; `nil` for the others.
    package let probes: [LinearProbe?]

    /// Embeds the prompts of a category file.
    ///
    /// - Parameters:
    ///   - file: The categories.
    ///   - embedder: Embeds the prompts.
    ///   - exemplars: Labelled images for the categories whose rules learn from them.
    /// - Throws: What the embedder throws; ``CLIPError`` with code `invalidEmbeddings` if the vectors of a prompt set
    ///   cancel out or a vector is zero or not finite, `invalidLabels` if a category has too few labelled images, or
    ///   `modelMismatch` if another model embedded them.
    public init(_ file: CategoryFile, embedder: some TextEmbedding, exemplars: Exemplars? = nil) async throws {
        try file.validate(for: embedder.model)
        try exemplars?.requireModel(embedder.model)
        let plan = try PromptPlan(file, exemplars: exemplars)
        let sentences = try await SentenceVectors(plan.sentences) { try await embedder.embed($0) }
        try self.init(file, plan, sentences, model: embedder.model)
    }

    /// Creates a bank from known vectors, for example to try a rule with hand-made numbers.
    ///
    /// ```swift
    /// let bank = try PromptBank(file, vectors: ["a dog": [1, 0], "a cat": [0, 1]])
    /// ```
    ///
    /// - Parameters:
    ///   - file: The categories.
    ///   - vectors: One non-zero vector per sentence, all of the same dimension.
    ///   - model: The model that the vectors belong to, if known.
    ///   - exemplars: Labelled images for the categories whose rules learn from them.
    /// - Throws: ``CLIPError`` with code `invalidCategoryFile`, `invalidLabels` or `modelMismatch`, or
    ///   `invalidEmbeddings` if a sentence has no vector, a vector is zero or not finite, or the vectors of a prompt set
    ///   cancel out.
    public init(
        _ file: CategoryFile,
        vectors: [String: [Float]],
        model: ModelDescription? = nil,
        exemplars: Exemplars? = nil
    ) throws {
        try file.validate(for: model)
        if let model { try exemplars?.requireModel(model) }
        let plan = try PromptPlan(file, exemplars: exemplars)
        try self.init(file, plan, SentenceVectors(plan.sentences, in: vectors), model: model)
    }

    private init(
        _ file: CategoryFile,
        _ plan: PromptPlan,
        _ sentences: SentenceVectors,
        model: ModelDescription?
    ) throws {
        let layout = PromptLayout(plan)
        let dimension = try plan.dimension(sentences)
        var means = EmbeddingMatrix(dimension: dimension, capacity: layout.rowCount)
        var agreement = [Float]()
        func add(_ vectors: EmbeddingMatrix, _ name: String) throws {
            let mean = vectors.mean()
            agreement.append(mean.norm(row: 0))
            guard mean.norm(row: 0) > 1e-6 else {
                throw CLIPError(
                    .invalidEmbeddings,
                    "The descriptions of \(name) cancel each other out: their mean has no direction. Change them."
                )
            }
            means.append(contentsOf: mean)
        }
        for set in plan.sets {
            switch set.content {
            case .words(let prompts): try add(sentences[prompts.flatMap(\.sentences)], set.name)
            case .images(let images): try add(images.embeddings, set.name)
            case .direction(let direction): try add(EmbeddingMatrix(dimension: dimension, values: direction), set.name)
            }
        }
        for set in plan.sets {
            switch set.content {
            case .words(let prompts):
                for prompt in prompts { try add(sentences[prompt.sentences], "\"\(prompt.text)\" with its templates") }
            case .images(let images):
                for row in 0..<images.ids.count {
                    let vector = EmbeddingMatrix(dimension: dimension, values: images.embeddings[row: row])
                    try add(vector, "image '\(images.ids[row])'")
                }
            case .direction:
                break
            }
        }
        try means.normalizeRows()
        self.model = model
        self.file = file
        self.layout = layout
        self.vectors = means
        self.agreement = agreement
        self.probes = plan.categories.map(\.probe)
    }
}

extension PromptPlan {
    /// The common dimension of all vectors.
    fileprivate func dimension(_ sentences: SentenceVectors) throws -> Int {
        var dimensions = Set(sets.compactMap { $0.content.dimension })
        sentences.dimension.map { _ = dimensions.insert($0) }
        guard dimensions.count == 1, let dimension = dimensions.first else {
            let list = dimensions.sorted().map(String.init).joined(separator: " and ")
            throw CLIPError(
                .modelMismatch,
                "Descriptions and labelled images have \(list) dimensions: they come from different models."
            )
        }
        return dimension
    }
}

extension PromptPlan.Content {
    fileprivate var dimension: Int? {
        switch self {
        case .words: nil
        case .images(let images): images.embeddings.dimension
        case .direction(let direction): direction.count
        }
    }
}

extension EmbeddingMatrix {
    /// The mean of all rows, accumulated in 64 bits, as a matrix with one row.
    fileprivate func mean() -> EmbeddingMatrix {
        var sum = [Double](repeating: 0, count: dimension)
        for row in 0..<count {
            for column in 0..<dimension {
                sum[column] += Double(values[row * dimension + column])
            }
        }
        return EmbeddingMatrix(dimension: dimension, values: sum.map { Float($0 / Double(count)) })
    }
}
