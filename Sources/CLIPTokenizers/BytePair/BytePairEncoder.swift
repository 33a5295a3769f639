/// Byte-pair encoding of one word after the other, with its working memory.
struct BytePairEncoder {
    private let vocabulary: BytePairVocabulary
    private var tokens: [Int32] = []
    /// What each token and its successor become; `unmerged` when they stay apart.
    private var merges: [Int32] = []

    private static let unmerged = Int32.max

    init(_ vocabulary: BytePairVocabulary) {
        self.vocabulary = vocabulary
    }

    /// Appends the ids of a word's tokens.
    ///
    /// Of all pairs of neighbours the one that merges first in the vocabulary's order is merged, everywhere in the word
    /// from left to right, until no pair is left that merges. The cost is the word's length times the number of
    /// different merges in it.
    mutating func encode(_ word: Slice<UnsafeBufferPointer<UInt8>>, into ids: inout [Int]) {
        tokens.removeAll(keepingCapacity: true)
        merges.removeAll(keepingCapacity: true)
        for byte in word { tokens.append(vocabulary.byteIDs[Int(byte)]) }
        tokens[tokens.count - 1] += BytePairVocabulary.byteCount
        for index in tokens.indices.dropLast() { merges.append(mergeOfPair(at: index)) }
        while let best = merges.min(), best != Self.unmerged {
            apply(best)
        }
        for token in tokens { ids.append(Int(token)) }
    }

    /// Replaces each pair that becomes `merged`.
    private mutating func apply(_ merged: Int32) {
        var source = 0
        var target = 0
        while source < tokens.count {
            let isPair = source < merges.count && merges[source] == merged
            tokens[target] = isPair ? merged : tokens[source]
            source += isPair ? 2 : 1
            // The merge with the successor is carried along and corrected below where a neighbour changed.
            if source - 1 < merges.count { merges[target] = merges[source - 1] }
            target += 1
        }
        tokens.removeLast(tokens.count - target)
        merges.removeLast(merges.count - (target - 1))
        for index in merges.indices where tokens[index] == merged || tokens[index + 1] == merged {
            merges[index] = mergeOfPair(at: index)
        }
    }

    private func mergeOfPair(at index: Int) -> Int32 {
        vocabulary.merged(tokens[index], tokens[index + 1]) ?? Self.unmerged
    }
}
