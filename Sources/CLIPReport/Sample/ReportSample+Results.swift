package import CLIPCore

extension ReportSample {
    /// Selects images from results.
    ///
    /// - Parameters:
    ///   - definitions: The categories, in the order of the decisions.
    ///   - neutralMargin: How much more similar to a category than to the neutral descriptions an image must be.
    ///   - options: How many images to select.
    ///   - including: Further images, which are in the results, each with the position of a category.
    ///   - results: Iterates over the results and passes each block to its argument. It is called twice and must
    ///     produce the same blocks both times.
    /// - Throws: What `results` throws.
    package init(
        _ definitions: [Definition],
        neutralMargin: Float,
        options: Options = Options(),
        including: [(id: String, category: Int)] = [],
        results: (_ body: (_ ids: [String], _ decisions: Decisions) throws -> Void) throws -> Void
    ) throws {
        var sampler = ResultSampler(definitions, neutralMargin: neutralMargin, options: options)
        try results { sampler.add(ids: $0, $1) }

        var shown = ShownImages()
        categories = zip(definitions, sampler.categories).enumerated().map { index, category in
            let picked = category.1.pick()
            let matches = picked.matches.map {
                Card(image: shown.add($0.id, index), category: index, isRandom: picked.random.contains($0.id))
            }
            let misses = (picked.heldBack + picked.below).map {
                Card(image: shown.add($0.id, index), category: index, isRandom: false)
            }
            return Category(
                definition: category.0,
                counts: category.1.counts,
                histogram: category.1.histogram,
                cards: matches + misses
            )
        }
        unmatched = sampler.unmatched.items.map {
            Card(image: shown.add($0.id, $0.category), category: $0.category, isRandom: false)
        }
        included = including.map {
            Card(image: shown.add($0.id, $0.category), category: $0.category, isRandom: false)
        }
        try results { shown.addScores(ids: $0, $1, sampler.categories) }
        images = shown.images
        imageCount = sampler.imageCount
        unmatchedCount = sampler.unmatchedCount
        self.neutralMargin = neutralMargin
    }
}

/// The first pass over the results: counts and selects images.
private struct ResultSampler {
    private(set) var categories: [CategorySampler]
    private(set) var unmatched: LeastItems<(id: String, category: Int)>
    private(set) var imageCount = 0
    private(set) var unmatchedCount = 0

    init(_ definitions: [ReportSample.Definition], neutralMargin: Float, options: ReportSample.Options) {
        let limit = options.cards(ofEach: definitions.count)
        categories = definitions.enumerated().map { index, definition in
            CategorySampler(
                threshold: definition.threshold,
                neutralMargin: neutralMargin,
                limit: limit,
                seed: options.seed &+ UInt64(index)
            )
        }
        unmatched = LeastItems(limit: options.unmatched)
    }

    mutating func add(ids: [String], _ decisions: Decisions) {
        precondition(decisions.categories.count == categories.count, "the decisions are of these categories")
        imageCount += ids.count
        for (image, id) in ids.enumerated() {
            var isMatched = false
            var nearest = (category: 0, shortfall: -Float.infinity)
            for category in categories.indices {
                let evidence = decisions.evidence(image: image, category: category)
                let outcome = decisions.outcome(image: image, category: category)
                categories[category].add(id: id, evidence: evidence, outcome: outcome)
                isMatched = isMatched || outcome == .match
                let shortfall = categories[category].shortfall(evidence, outcome)
                if shortfall > nearest.shortfall { nearest = (category, shortfall) }
            }
            guard !isMatched else { continue }
            unmatchedCount += 1
            unmatched.add((id, nearest.category), key: -nearest.shortfall)
        }
    }
}

/// The second pass over the results: collects the scores of the selected images.
private struct ShownImages {
    private static let scoresPerImage = 40

    private(set) var images = [ReportSample.Image]()
    private var positions = [ImageIDKey: Int]()
    /// The categories in which each image is shown.
    private var categories = [Set<Int>]()

    /// Adds an image unless it is already included, and returns its position.
    mutating func add(_ id: String, _ category: Int) -> Int {
        let key = ImageIDKey(id)
        let position = positions[key] ?? images.count
        if position == images.count {
            positions[key] = position
            images.append(ReportSample.Image(id: id, scores: []))
            categories.append([])
        }
        categories[position].insert(category)
        return position
    }

    mutating func addScores(ids: [String], _ decisions: Decisions, _ samplers: [CategorySampler]) {
        for (image, id) in ids.enumerated() {
            guard let position = positions[ImageIDKey(id)] else { continue }
            let scores = samplers.indices.map { category in
                ReportSample.Score(
                    category: category,
                    evidence: decisions.evidence(image: image, category: category),
                    outcome: decisions.outcome(image: image, category: category)
                )
            }
            images[position].scores = kept(scores, samplers, always: categories[position])
        }
    }

    /// The scores for the given categories, and for those nearest to the image.
    private func kept(
        _ scores: [ReportSample.Score],
        _ samplers: [CategorySampler],
        always: Set<Int>
    ) -> [ReportSample.Score] {
        guard scores.count > Self.scoresPerImage else { return scores }
        let nearest =
            scores
            .filter { !always.contains($0.category) }
            .map { (category: $0.category, shortfall: samplers[$0.category].shortfall($0.evidence, $0.outcome)) }
            .sorted { $0.shortfall > $1.shortfall }
        let kept = always.union(nearest.prefix(max(Self.scoresPerImage - always.count, 0)).map(\.category))
        return scores.filter { kept.contains($0.category) }
    }
}
