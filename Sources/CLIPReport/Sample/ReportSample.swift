package import CLIPCore

/// The contents of a report on many images: counts and histograms of all images, and selected images of each category.
///
/// Memory is bounded by the categories and the selected images, not by the results, which are read twice.
///
/// ```swift
/// let sample = try ReportSample(categories, neutralMargin: 0.02) { body in
///     try results.forEachDecision(rows: 4096) { ids, decisions in try body(ids, decisions) }
/// }
/// sample.categories[0].counts.matches  // 1240
/// ```
package struct ReportSample: Sendable {
    /// A category in the results.
    package struct Definition: Sendable, Hashable {
        /// The name.
        package var name: String
        /// The score from which an image matches.
        package var threshold: Float
        /// The scoring rule, in human-readable form.
        package var rule: String
        /// Positive descriptions.
        package var positive: [String]
        /// Negative descriptions.
        package var negative: [String]

        /// Describes a category.
        package init(
            name: String,
            threshold: Float,
            rule: String,
            positive: [String] = [],
            negative: [String] = []
        ) {
            self.name = name
            self.threshold = threshold
            self.rule = rule
            self.positive = positive
            self.negative = negative
        }
    }

    /// How many images to select.
    package struct Options: Sendable, Hashable {
        /// Images per category; `nil` for 60, or fewer if there are more than 24 categories, up to 1,440 in all.
        package var perCategory: Int?
        /// The number of images without a category, nearest to one first.
        package var unmatched = 60
        /// The seed of the random samples.
        package var seed: UInt64 = 0

        /// Creates the default options.
        package init() {}

        /// The number of images for each of `count` categories.
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

    /// The contents of a category's page.
    package struct Category: Sendable, Hashable {
        /// The category in the results.
        package let definition: Definition
        /// The number of images by outcome.
        package let counts: OutcomeHistogram.Bin
        /// The histogram of the scores of all images.
        package let histogram: OutcomeHistogram
        /// Matches, then images that fail the neutral test, then images below the threshold, each in descending order
        /// of score.
        package let cards: [Card]
    }

    /// The score of an image for a category.
    package struct Score: Sendable, Hashable {
        /// Position in ``ReportSample/categories``.
        package let category: Int
        /// The score and its components.
        package let evidence: Evidence
        /// Whether the image matches, and if not, why.
        package let outcome: Outcome
    }

    /// A selected image.
    package struct Image: Sendable, Hashable {
        /// The id.
        package let id: String
        /// Its scores for the categories where it is shown and for those nearest to it, at most 40.
        package internal(set) var scores: [Score]
    }

    /// Number of images in the results.
    package let imageCount: Int
    /// The number of images without a category.
    package let unmatchedCount: Int
    /// How much more similar to a category than to the neutral descriptions an image must be.
    package let neutralMargin: Float
    /// The categories.
    package let categories: [Category]
    /// Images without a category, nearest to one first, each with that category.
    package let unmatched: [Card]
    /// The cards of images that were asked for, in the order in which they were.
    package let included: [Card]
    /// The selected images, without repetition.
    package let images: [Image]
}
