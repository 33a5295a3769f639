package import CLIPCore

/// The differences between the decisions of two category files, two sets of thresholds or two runs about the same images.
///
/// Categories are matched by their names.
package struct DecisionDiff: Sendable {
    /// An image and a category with different decisions.
    package struct Change: Sendable, Hashable {
        /// The image's position in its block.
        package let image: Int
        /// The category's position in ``DecisionDiff/categories``.
        package let category: Int
        /// Whether the image matches only after the change.
        package let isGained: Bool

        /// Creates a change.
        package init(image: Int, category: Int, isGained: Bool) {
            self.image = image
            self.category = category
            self.isGained = isGained
        }
    }

    /// The number of images by decision before and after.
    package struct Count: Sendable, Hashable {
        /// Images that match before and after.
        package var kept = 0
        /// Images that match only after.
        package var gained = 0
        /// Images that match only before.
        package var lost = 0

        /// Creates a count.
        package init(kept: Int = 0, gained: Int = 0, lost: Int = 0) {
            self.kept = kept
            self.gained = gained
            self.lost = lost
        }
    }

    /// Names of the categories in both, in the order of the first.
    package let categories: [String]
    /// Categories only in the first.
    package let removed: [String]
    /// Categories only in the second.
    package let added: [String]
    /// The counts for each of ``categories``.
    package private(set) var counts: [Count]
    /// Where each of ``categories`` is among those of the first and of the second.
    package let positions: [(before: Int, after: Int)]

    /// Compares decisions about the given categories.
    package init(before: [String], after: [String]) {
        let places = Dictionary(uniqueKeysWithValues: after.enumerated().map { ($1, $0) })
        let common = before.enumerated().compactMap { index, name in places[name].map { (name, (index, $0)) } }
        categories = common.map(\.0)
        positions = common.map { (before: $0.1.0, after: $0.1.1) }
        removed = before.filter { places[$0] == nil }
        added = after.filter { !before.contains($0) }
        counts = [Count](repeating: Count(), count: common.count)
    }

    /// Adds a block of images.
    ///
    /// - Parameters:
    ///   - before: The first decisions.
    ///   - after: The second decisions about the same images.
    /// - Returns: The different decisions, image by image.
    package mutating func add(before: Decisions, after: Decisions) -> [Change] {
        precondition(before.count == after.count, "both are about the same images")
        var changes = [Change]()
        for image in 0..<before.count {
            changes += add(image) {
                before.outcome(image: image, category: $0) == .match
            } isMatch: {
                after.outcome(image: image, category: $0) == .match
            }
        }
        return changes
    }

    /// Adds an image.
    ///
    /// - Parameters:
    ///   - image: The image's position, which its changes repeat.
    ///   - wasMatch: Whether the image matches the category at a position in the first.
    ///   - isMatch: Whether the image matches the category at a position in the second.
    /// - Returns: The different decisions.
    package mutating func add(_ image: Int, wasMatch: (Int) -> Bool, isMatch: (Int) -> Bool) -> [Change] {
        var changes = [Change]()
        for (category, position) in positions.enumerated() {
            switch (wasMatch(position.before), isMatch(position.after)) {
            case (true, true): counts[category].kept += 1
            case (false, false): break
            case (_, let isGained):
                changes.append(Change(image: image, category: category, isGained: isGained))
                if isGained { counts[category].gained += 1 } else { counts[category].lost += 1 }
            }
        }
        return changes
    }
}
