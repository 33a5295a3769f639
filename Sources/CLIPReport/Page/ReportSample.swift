package import CLIPCore

/// What a report shows of the results of many images: counts and histograms of all, and some images of each category.
///
/// Memory is bounded by the categories and the images that are picked, not by the results, which are walked twice.
///
/// ```swift
/// let sample = try ReportSample(categories, neutralMargin: 0.02) { body in
///     try results.forEachDecision(rows: 4096) { ids, decisions in try body(ids, decisions) }
/// }
/// sample.categories[0].counts.matches  // 1240
/// ```
package struct ReportSample: Sendable {
    /// A category as the results know it.
    package struct Definition: Sendable, Hashable {
        /// The name.
        package var name: String
        /// The score from which an image belongs to the category.
        package var threshold: Float
        /// The scoring rule, for a person.
        package var rule: String

        /// Describes a category.
        package init(name: String, threshold: Float, rule: String) {
            self.name = name
            self.threshold = threshold
            self.rule = rule
        }
    }

    /// How many images are picked.
    package struct Options: Sendable, Hashable {
        /// Images of a category; `nil` for 60, or fewer where there are more than 24 categories, 1,440 together.
        package var perCategory: Int?
        /// Images without a category, those that came nearest to one.
        package var unmatched = 60
        /// Another seed draws other random samples.
        package var seed: UInt64 = 0

        /// Creates the default options.
        package init() {}

        /// Images of each of `count` categories.
        package func cards(ofEach count: Int) -> Int {
            perCategory ?? min(60, max(6, 1440 / max(count, 1)))
        }
    }

    /// An image in the gallery of a category.
    package struct Card: Sendable, Hashable {
        /// Position in ``ReportSample/images``.
        package let image: Int
        /// Position in ``ReportSample/categories``.
        package let category: Int
        /// Whether it is in the random sample of the category's matches.
        package let isRandom: Bool
    }

    /// What is shown of a category.
    package struct Category: Sendable, Hashable {
        /// What the results say of it.
        package let definition: Definition
        /// All images by outcome.
        package let counts: OutcomeHistogram.Bin
        /// The scores of all images.
        package let histogram: OutcomeHistogram
        /// Matches, then images that the neutral test holds back, then those below the threshold, each by falling score.
        package let cards: [Card]
    }

    /// The score of an image for a category.
    package struct Score: Sendable, Hashable {
        /// Position in ``ReportSample/categories``.
        package let category: Int
        /// The score and its parts.
        package let evidence: Evidence
        /// Whether the image belongs to the category, and if not, why.
        package let outcome: Outcome
    }

    /// An image that is shown.
    package struct Image: Sendable, Hashable {
        /// The id.
        package let id: String
        /// Its scores: of the categories where it is shown and of those that it is nearest to, at most 40.
        package internal(set) var scores: [Score]
    }

    /// Number of images in the results.
    package let imageCount: Int
    /// How many of them belong to no category.
    package let unmatchedCount: Int
    /// How much closer than to the neutral descriptions an image must be.
    package let neutralMargin: Float
    /// The categories.
    package let categories: [Category]
    /// Images without a category, nearest to one first, each with that category.
    package let unmatched: [Card]
    /// The images that are shown, each once.
    package let images: [Image]
}
