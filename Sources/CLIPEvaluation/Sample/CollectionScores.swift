public import CLIPCore

/// The scores and decisions of a whole collection, from which images to label are drawn.
///
/// Takes 5 bytes per image and category, and 8 bytes and the id per image.
public struct CollectionScores: Sendable {
    /// The categories' names.
    package let categories: [String]
    /// The images' ids, in store order.
    package private(set) var ids = [String]()
    /// The score of each image, for each category.
    private var scores: [[Float]]
    /// Whether each image matches, for each category.
    private var isMatch: [[Bool]]
    /// The order of images with equal scores: other numbers than those by which images are drawn, or an image's bin would
    /// depend on whether it is drawn.
    private(set) var tieBreakers = [UInt64]()

    /// Number of images.
    package var count: Int { ids.count }

    /// Creates an empty collection.
    package init(categories: [String]) {
        self.categories = categories
        scores = categories.map { _ in [] }
        isMatch = categories.map { _ in [] }
    }

    /// Classifies all images of a store.
    ///
    /// - Parameters:
    ///   - store: Vectors of the classifier's model.
    ///   - classifier: Scores and decides.
    /// - Throws: `CLIPError` with code `modelMismatch` if the store was created with another model, `storage` if it is
    ///   empty, `invalidEmbeddings` if it has two vectors for an image; what reading the store and classifying throw.
    public init(_ store: some EmbeddingReader, classifier: Classifier) throws {
        try self.init(store, classifier: classifier) { try classifier.classify($0) }
    }

    /// Decides on all images of a store by a closure, which is called concurrently from several threads.
    init(
        _ store: some EmbeddingReader,
        classifier: Classifier,
        decisions: @escaping @Sendable (EmbeddingMatrix) throws -> Decisions
    ) throws {
        if let model = classifier.bank.model { try store.provenance.requireModel(model, store: store.name) }
        try self.init(categories: classifier.limits.names, name: store.name) { append in
            try store.forEachBlockInParallel { block in
                (ids: block.ids, decisions: try decisions(block.embeddings))
            } body: { block in
                try append(block.ids, block.decisions)
            }
        }
    }

    /// Collects decisions on a whole collection.
    ///
    /// - Parameters:
    ///   - categories: The categories' names.
    ///   - name: The collection's name in error messages.
    ///   - forEachBlock: Passes on the ids of consecutive images and the decisions on them.
    /// - Throws: `CLIPError` with code `storage` if the collection is empty, `invalidEmbeddings` if it has an image twice;
    ///   what `forEachBlock` throws.
    package init(
        categories: [String],
        name: String,
        forEachBlock: (_ append: (_ ids: [String], _ decisions: Decisions) throws -> Void) throws -> Void
    ) throws {
        var collected = Self(categories: categories)
        var seen = ImageIDSet()
        try forEachBlock { ids, decisions in
            for id in ids where !seen.insert(id) {
                throw CLIPError.doubledImage(id, in: name)
            }
            collected.append(ids: ids, decisions: decisions)
        }
        guard collected.count > 0 else {
            throw CLIPError(
                .storage,
                "\(name) has no images, so there is nothing to draw or to measure. Embed or classify images first."
            )
        }
        self = collected
    }

    /// Adds images.
    package mutating func append(ids: [String], decisions: Decisions) {
        for id in ids { add(id) }
        for category in categories.indices {
            for image in ids.indices {
                scores[category].append(decisions.evidence(image: image, category: category).score)
                isMatch[category].append(decisions.outcome(image: image, category: category) == .match)
            }
        }
    }

    /// Adds images, given the score and the decision for each category.
    package mutating func append(id: String, scores: [Float], isMatch: [Bool]) {
        precondition(scores.count == categories.count && isMatch.count == categories.count, "one value per category")
        add(id)
        for category in categories.indices {
            self.scores[category].append(scores[category])
            self.isMatch[category].append(isMatch[category])
        }
    }

    private mutating func add(_ id: String) {
        ids.append(id)
        tieBreakers.append(Self.tieBreaker(of: id))
    }

    /// The number that orders an image among those with an equal score.
    static func tieBreaker(of id: String) -> UInt64 { PermanentRandomNumber.number(of: id, seed: 0x7469_6573) }

    /// The score of an image, given by row, for a category.
    func score(row: Int, category: Int) -> Float { scores[category][row] }

    /// Whether any image of the collection matches a category, given by position.
    package func hasMatch(category: Int) -> Bool { isMatch[category].contains(true) }

    /// The rows of a category: the matching images by falling score, then the others by falling score.
    ///
    /// Images with equal scores are in an order that depends only on their ids and says nothing about them.
    ///
    /// - Parameters:
    ///   - category: The position of the category.
    ///   - threshold: Images with a lower score do not match either.
    /// - Returns: The order, and its bins.
    package func ranking(category: Int, threshold: Float = -.infinity) -> Ranking {
        let scores = scores[category]
        let isMatch = zip(isMatch[category], scores).map { $0 && $1 >= threshold }
        let keys = scores.indices.map { Self.key(isMatch[$0], scores[$0], tieBreaker: tieBreakers[$0]) }
        return Ranking(rows: RadixOrder.positions(byRising: keys), matches: isMatch.count(where: \.self))
    }

    /// All rows of a category by falling score, whatever the neutral test says, of which those match that score at least as
    /// much as a matching image.
    func rankingByScore(category: Int) -> Ranking {
        let scores = scores[category]
        let keys = scores.indices.map { Self.key(true, scores[$0], tieBreaker: tieBreakers[$0]) }
        let least = zip(isMatch[category], scores).reduce(Float.infinity) { $1.0 ? min($0, $1.1) : $0 }
        return Ranking(rows: RadixOrder.positions(byRising: keys), matches: scores.count { $0 >= least })
    }

    /// An integer that orders like the decision, then the falling score, then the tie-breaker.
    private static func key(_ isMatch: Bool, _ score: Float, tieBreaker: UInt64) -> UInt64 {
        // Adding 0 makes the two zeros equal.
        let bits = (score + 0).bitPattern
        let rising = bits >> 31 == 1 ? ~bits : bits | 1 << 31
        return (isMatch ? 0 : 1 << 63) | UInt64(~rising) << 31 | tieBreaker >> 33
    }

    /// The images of a category in order.
    package struct Ranking: Sendable {
        /// The images' rows in the collection.
        package let rows: [Int]
        /// The bins.
        package let bins: RankBins

        init(rows: [Int], matches: Int) {
            self.rows = rows
            bins = RankBins(count: rows.count, matches: matches)
        }

        /// The same order, if the first `matches` images match.
        func with(matches: Int) -> Ranking { Ranking(rows: rows, matches: matches) }

        /// The bin of each row of the collection.
        package var binOfRow: [Int] {
            var bins = [Int](repeating: 0, count: rows.count)
            for bin in 0..<self.bins.count {
                for rank in self.bins.edges[bin]..<self.bins.edges[bin + 1] { bins[rows[rank]] = bin }
            }
            return bins
        }
    }
}
