public import CLIPCore

/// The failed images that a report lists, and why all of them failed.
public struct FailureSample: Sendable {
    /// A failed image.
    public struct Row: Sendable, Hashable {
        /// The id.
        public let id: String
        /// Where on its way it failed; `nil` where a store names a stage that this version does not know.
        public let stage: RunStage?
        /// Why.
        public let reason: String
    }

    private let limit: Int
    private var tally = FailureTally()
    /// Number of failed images.
    public private(set) var count = 0
    /// The first of them.
    public private(set) var rows = [Row]()

    /// Creates an empty list.
    ///
    /// - Parameter limit: How many images are listed.
    public init(limit: Int = 500) {
        self.limit = limit
    }

    /// The reasons, most common first.
    public var reasons: [FailureTally.Entry] { tally.mostCommon }

    /// Adds a failed image.
    public mutating func add(id: String, stage: RunStage?, reason: String) {
        count += 1
        tally.add(id: id, stage: stage, reason: reason)
        if rows.count < limit { rows.append(Row(id: id, stage: stage, reason: reason)) }
    }
}
