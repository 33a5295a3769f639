/// A phrase of a vocabulary, and a number of images that are near to it.
public struct PhraseCount: Sendable, Hashable {
    /// The phrase.
    public let text: String
    /// The number of images.
    public let count: Int

    /// The most frequent of some phrases, given by position; of equally frequent ones, the first of the vocabulary.
    static func mostFrequent(_ positions: some Sequence<Int>, of phrases: [String], limit: Int) -> [PhraseCount] {
        var counts = [Int: Int]()
        for position in positions { counts[position, default: 0] += 1 }
        let sorted = counts.sorted { ($0.value, $1.key) > ($1.value, $0.key) }
        return sorted.prefix(limit).map { PhraseCount(text: phrases[$0.key], count: $0.value) }
    }
}
