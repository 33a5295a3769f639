package import CLIPCore

/// What two category files, or two sets of thresholds, decide differently about the same images.
///
/// Categories are matched by their names.
package struct DecisionDiff: Sendable {
    /// One image and category that the two decide differently.
    package struct Change: Sendable, Hashable {
        /// Position of the image in its block.
        package let image: Int
        /// Position in ``DecisionDiff/categories``.
        package let category: Int
        /// Whether the image belongs to the category only after the change.
        package let isGained: Bool

        /// Creates a change.
        package init(image: Int, category: Int, isGained: Bool) {
            self.image = image
            self.category = category
            self.isGained = isGained
        }
    }

    /// How often a category was decided differently.
    package struct Count: Sendable, Hashable {
        /// Images that belong to it before and after.
        package var kept = 0
        /// Images that belong to it only after.
        package var gained = 0
        /// Images that belong to it only before.
        package var lost = 0

        /// Creates a count.
        package init(kept: Int = 0, gained: Int = 0, lost: Int = 0) {
            self.kept = kept
            self.gained = gained
            self.lost = lost
        }
    }

    /// Names of the categories that both have, in the order of the first.
    package let categories: [String]
    /// Categories that only the first has.
    package let removed: [String]
    /// Categories that only the second has.
    package let added: [String]
    /// Counts for each of ``categories``.
    package private(set) var counts: [Count]
    private let positions: [(before: Int, after: Int)]

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
    /// - Returns: What is decided differently, image by image.
    package mutating func add(before: Decisions, after: Decisions) -> [Change] {
        precondition(before.count == after.count, "both are about the same images")
        var changes = [Change]()
        for image in 0..<before.count {
            for (category, position) in positions.enumerated() {
                let was = before.outcome(image: image, category: position.before) == .match
                let isNow = after.outcome(image: image, category: position.after) == .match
                switch (was, isNow) {
                case (true, true): counts[category].kept += 1
                case (false, false): break
                default:
                    changes.append(Change(image: image, category: category, isGained: isNow))
                    if isNow { counts[category].gained += 1 } else { counts[category].lost += 1 }
                }
            }
        }
        return changes
    }
}
