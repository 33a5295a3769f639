internal import CLIPCore

/// Divides labelled images into folds that preserve each category's proportions of positive and negative images.
///
/// Iterative stratification for multi-label data (Sechidis, Tsoumakas and Vlahavas, 2011): repeatedly takes the class
/// with the fewest remaining images, and assigns each of its images to the fold that lacks most of that class, then to
/// the one that lacks most images, then at random.
package struct StratifiedFolds: Sendable, Hashable {
    /// Number of folds.
    package let count: Int
    /// The fold of each image, `0..<count`.
    package let assignment: [Int]

    /// Assigns images to folds.
    ///
    /// - Parameters:
    ///   - count: Number of folds, at least 2.
    ///   - labels: For each category, one label per image, or `nil` if unknown.
    ///   - categories: The categories' names, for messages.
    ///   - minimum: The number of positive and of negative images that each category needs, at least `count`.
    ///   - seed: The same seed gives the same folds.
    /// - Throws: `CLIPError` with code `calibration`, whose cause lists every category with too few labels.
    package init(count: Int, labels: [[Bool?]], categories: [String], minimum: Int, seed: UInt64) throws {
        precondition(count >= 2, "there are at least two folds")
        precondition(minimum >= count, "every fold needs one image of each class")
        precondition(labels.count == categories.count, "every category has labels")
        let problems = Self.problems(labels, categories, minimum)
        guard problems.isEmpty else {
            throw CLIPError(
                .calibration,
                "Too few labels: at least \(minimum) images that belong to a category (positive labels) and \(minimum) "
                    + "that do not (negative labels) are needed. Label more images, or set the thresholds in the "
                    + "category file by hand.",
                cause: ErrorList(problems)
            )
        }
        self.count = count
        var generator = SeededGenerator(seed: seed)
        let strata = labels.flatMap { labels in
            [true, false].map { label in labels.indices.filter { labels[$0] == label } }
        }
        // By chance, a fold may get no image of a rare class; another attempt fixes that.
        for _ in 0..<100 {
            let assignment = Self.deal(labels.first?.count ?? 0, strata, count, &generator)
            if strata.allSatisfy({ Set($0.map { assignment[$0] }).count == count }) {
                self.assignment = assignment
                return
            }
        }
        throw CLIPError(
            .calibration,
            "The labels cannot be divided into \(count) folds in which every category has both positive and negative "
                + "images. Label more images, or use fewer folds."
        )
    }

    /// Weights of the images, 0 for those of one fold.
    func without(_ part: Int, _ weights: [Double]) -> [Double] {
        zip(weights, assignment).map { $1 == part ? 0 : $0 }
    }

    /// Weights of the images, 0 for those that are not of one fold.
    func only(_ part: Int, _ weights: [Double]) -> [Double] {
        zip(weights, assignment).map { $1 == part ? $0 : 0 }
    }

    /// One entry for each category with too few labels, and one for all those without any.
    private static func problems(_ labels: [[Bool?]], _ categories: [String], _ minimum: Int) -> [String] {
        var unlabelled = [String]()
        var problems = [String]()
        for (name, labels) in zip(categories, labels) {
            guard hasAny(labels) else {
                unlabelled.append("'\(name)'")
                continue
            }
            if let shortage = shortage(labels, minimum) { problems.append("'\(name)' has \(shortage)") }
        }
        if !unlabelled.isEmpty { problems.append("no labels: \(unlabelled.joined(separator: ", "))") }
        return problems
    }

    /// Whether any image is labelled.
    static func hasAny(_ labels: [Bool?]) -> Bool { labels.contains { $0 != nil } }

    /// The labels of which there are too few, for example `3 positive labels`; `nil` if there are enough.
    static func shortage(_ labels: [Bool?], _ minimum: Int) -> String? {
        let counts = [(labels.count { $0 == true }, "positive"), (labels.count { $0 == false }, "negative")]
        let found = counts.filter { $0.0 < minimum }.map { count, kind in
            "\(count) \(kind) label\(count == 1 ? "" : "s")"
        }
        return found.isEmpty ? nil : found.joined(separator: " and ")
    }

    private static func deal(
        _ images: Int,
        _ strata: [[Int]],
        _ count: Int,
        _ generator: inout SeededGenerator
    ) -> [Int] {
        var assignment = [Int?](repeating: nil, count: images)
        var strataOfImage = [[Int]](repeating: [], count: images)
        for (stratum, rows) in strata.enumerated() {
            for row in rows { strataOfImage[row].append(stratum) }
        }
        var remaining = strata.map(\.count)
        var room = [Double](repeating: Double(images) / Double(count), count: count)
        var wanted = (0..<count).map { _ in strata.map { Double($0.count) / Double(count) } }
        func place(_ row: Int, for stratum: Int?) {
            let keys = (0..<count).map { part in
                (stratum.map { wanted[part][$0] } ?? 0, room[part], generator.next())
            }
            let part = (0..<count).max { keys[$0] < keys[$1] } ?? 0
            assignment[row] = part
            room[part] -= 1
            for stratum in strataOfImage[row] {
                wanted[part][stratum] -= 1
                remaining[stratum] -= 1
            }
        }
        while true {
            let left = remaining.indices.filter { remaining[$0] > 0 }
            guard let scarcest = left.min(by: { remaining[$0] < remaining[$1] }) else { break }
            for row in generator.shuffled(strata[scarcest]) where assignment[row] == nil {
                place(row, for: scarcest)
            }
        }
        for row in 0..<images where assignment[row] == nil {
            place(row, for: nil)
        }
        return assignment.compactMap(\.self)
    }
}

extension StratifiedFolds {
    /// Decides on each fold at the threshold of largest F1 of the other folds.
    ///
    /// - Parameters:
    ///   - weights: How often each image counts.
    ///   - margin: Images with a smaller neutral gap cannot match.
    ///   - ranked: The scores with which a fold is decided.
    /// - Returns: The decisions about all folds.
    func heldOutCounts(
        _ weights: [Double],
        margin: Float,
        ranked: (_ fold: Int) -> RankedScores
    ) -> WeightedCounts {
        var counts = WeightedCounts()
        for fold in 0..<count {
            let ranked = ranked(fold)
            let threshold = ranked.fit(.f1, margin: margin, weights: without(fold, weights)).threshold
            counts += ranked.counts(threshold: threshold, margin: margin, weights: only(fold, weights))
        }
        return counts
    }
}
