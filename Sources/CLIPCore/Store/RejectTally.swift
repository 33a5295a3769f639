/// Why images were rejected, and how many for each reason.
public struct RejectTally: Sendable {
    /// Images that were rejected for the same reason.
    public struct Entry: Sendable, Hashable {
        /// Where on their way.
        public let stage: String
        /// Why; names of files are left out, and `N` stands for numbers.
        public let reason: String
        /// How many.
        public let count: Int
    }

    private struct Key: Hashable {
        let stage: String
        let reason: String
    }

    private var counts = [Key: Int]()

    /// Creates an empty tally.
    public init() {}

    /// Counts an image.
    public mutating func add(_ image: RejectedImage) {
        add(id: image.id, stage: image.stage.rawValue, reason: image.reason)
    }

    /// Counts an image by what a store says of it.
    package mutating func add(id: String, stage: String, reason: String) {
        counts[Key(stage: stage, reason: Self.general(reason, id: id)), default: 0] += 1
    }

    /// The reasons, most common first.
    public var mostCommon: [Entry] {
        counts
            .map { Entry(stage: $0.key.stage, reason: $0.key.reason, count: $0.value) }
            .sorted { (-$0.count, $0.stage, $0.reason) < (-$1.count, $1.stage, $1.reason) }
    }

    /// A reason without what is special to one image: its path and all numbers.
    private static func general(_ reason: String, id: String) -> String {
        var words = reason
        while let range = words.firstRange(of: id), !id.isEmpty {
            let start = words[..<range.lowerBound].lastIndex { $0.isWhitespace || "'\"(".contains($0) }
            words.replaceSubrange((start.map(words.index(after:)) ?? words.startIndex)..<range.upperBound, with: "…")
            if id == "…" { break }
        }
        var general = ""
        for character in words {
            if !("0"..."9").contains(character) {
                general.append(character)
            } else if general.last != "N" {
                general.append("N")
            }
        }
        return general
    }
}
