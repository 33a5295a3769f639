package import CLIPCore

/// The failed images that a report lists, and the reasons of all failures.
package struct FailureSample: Sendable {
    /// A failed image.
    package struct Row: Sendable, Hashable {
        /// The id.
        package let id: String
        /// The stage at which it failed; `nil` if the store names a stage that this version does not know.
        package let stage: RunStage?
        /// The reason.
        package let reason: String
    }

    private let limit: Int
    private var tally = FailureTally()
    /// The number of failed images.
    package private(set) var count = 0
    /// The first failed images.
    package private(set) var rows = [Row]()

    /// Creates an empty list.
    ///
    /// - Parameter limit: The maximum number of listed images.
    package init(limit: Int = 500) {
        self.limit = limit
    }

    /// The reasons, most common first.
    package var reasons: [FailureTally.Entry] { tally.mostCommon }

    /// Adds a failed image.
    package mutating func add(id: String, stage: RunStage?, reason: String) {
        count += 1
        tally.add(id: id, stage: stage, reason: reason)
        if rows.count < limit { rows.append(Row(id: id, stage: stage, reason: reason)) }
    }
}
