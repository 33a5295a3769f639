package import CLIPCore

/// What a run decides otherwise than an earlier one, with random samples of the images that each category gained and lost.
///
/// Images are matched by their ids, and categories by their names. Memory grows by 16 bytes for each image and a bit for
/// each of its categories.
///
/// ```swift
/// let comparison = try RunComparison(from: lastWeek, to: today)
/// comparison.categories[0].counts.gained  // 134
/// ```
package struct RunComparison: Sendable {
    /// The results of a run.
    package struct Run {
        /// The name of the results, in messages and on the page.
        package var name: String
        /// The categories, in the order of the decisions.
        package var categories: [ReportSample.Definition]
        /// How much more similar to a category than to the neutral descriptions an image must be.
        package var neutralMargin: Float
        /// The number of images.
        package var imageCount: Int
        /// Passes each block of decisions, which have ids, to its argument: the same blocks each time it is called.
        package var decisions: (_ body: (Decisions) throws -> Void) throws -> Void

        /// Describes a run.
        package init(
            name: String,
            categories: [ReportSample.Definition],
            neutralMargin: Float,
            imageCount: Int,
            decisions: @escaping (_ body: (Decisions) throws -> Void) throws -> Void
        ) {
            self.name = name
            self.categories = categories
            self.neutralMargin = neutralMargin
            self.imageCount = imageCount
            self.decisions = decisions
        }
    }

    /// A category of both runs.
    package struct Category: Sendable, Hashable {
        /// The position among the categories of the later run.
        package let position: Int
        /// The category of the earlier run.
        package let earlier: ReportSample.Definition
        /// The images that both runs have, by decision.
        package let counts: DecisionDiff.Count
    }

    /// An image that a category gained or lost.
    package struct Change: Sendable, Hashable {
        /// The image's id.
        package let id: String
        /// The earlier score and decision; its category is a position in the later run.
        package let earlier: ReportSample.Score

        /// Whether the image matches only in the later run.
        package var isGained: Bool { earlier.outcome != .match }
    }

    /// The name of the earlier results.
    package let earlierName: String
    /// The neutral margin of the earlier run.
    package let earlierNeutralMargin: Float
    /// The number of images in both, which alone are compared.
    package let sharedCount: Int
    /// The number of images only in the earlier results.
    package let onlyEarlierCount: Int
    /// The number of images only in the later results.
    package let onlyLaterCount: Int
    /// Categories only in the earlier results.
    package let onlyEarlier: [String]
    /// Categories only in the later results.
    package let onlyLater: [String]
    /// The categories in both, in the order of the later run.
    package let categories: [Category]
    /// For each category, a random sample of the images that it gained, and one of those that it lost.
    package let changes: [Change]

    /// Compares two runs.
    ///
    /// - Parameters:
    ///   - earlier: The earlier run, which is read once.
    ///   - later: The later run, which is read twice.
    ///   - options: How many images the report shows: each sample has up to a third of those of a category.
    /// - Throws: `CLIPError` with code `notFound` if the runs have no image in common, or `corruptData` if a run has an id
    ///   twice; what reading the runs throws.
    package init(from earlier: Run, to later: Run, options: ReportSample.Options = ReportSample.Options()) throws {
        var table = try MatchTable(later)
        var diff = DecisionDiff(before: earlier.categories.map(\.name), after: later.categories.map(\.name))
        let limit = max(1, options.cards(ofEach: later.categories.count) / 3)
        // Of each category, the gained images and then the lost ones.
        var samples = (0..<2 * diff.categories.count).map {
            Reservoir<Change>(limit: limit, seed: options.seed &+ UInt64($0))
        }
        var sharedCount = 0
        try earlier.decisions { decisions in
            for (image, decision) in decisions.enumerated() {
                guard let row = try table.take(decision.id, of: earlier.name) else { continue }
                sharedCount += 1
                let changes = diff.add(image) {
                    decisions.outcome(image: image, category: $0) == .match
                } isMatch: {
                    table.isMatch($0, of: row)
                }
                for change in changes {
                    let position = diff.positions[change.category]
                    let score = ReportSample.Score(
                        category: position.after,
                        evidence: decisions.evidence(image: image, category: position.before),
                        outcome: decisions.outcome(image: image, category: position.before)
                    )
                    samples[2 * change.category + (change.isGained ? 0 : 1)].add(
                        Change(id: decision.id, earlier: score)
                    )
                }
            }
        }
        guard sharedCount > 0 else {
            throw CLIPError(
                .notFound,
                "None of the images in \(later.name) are in \(earlier.name). Compare results of the same store."
            )
        }
        let order = diff.positions.indices.sorted { diff.positions[$0].after < diff.positions[$1].after }
        earlierName = earlier.name
        earlierNeutralMargin = earlier.neutralMargin
        self.sharedCount = sharedCount
        onlyEarlierCount = earlier.imageCount - sharedCount
        onlyLaterCount = table.count - sharedCount
        onlyEarlier = diff.removed
        onlyLater = diff.added
        categories = order.map {
            Category(
                position: diff.positions[$0].after,
                earlier: earlier.categories[diff.positions[$0].before],
                counts: diff.counts[$0]
            )
        }
        changes = order.flatMap { samples[2 * $0].items + samples[2 * $0 + 1].items }
    }
}
