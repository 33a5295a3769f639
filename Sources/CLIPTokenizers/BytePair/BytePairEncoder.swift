/// Encodes words with byte-pair encoding, reusing its working memory.
struct BytePairEncoder {
    private let vocabulary: BytePairVocabulary
    private var tokens: [Int32] = []
    /// The token that each token and its successor merge into; `unmerged` if they do not merge.
    private var merges: [Int32] = []

    private static let unmerged = Int32.max

    init(_ vocabulary: BytePairVocabulary) {
        self.vocabulary = vocabulary
    }

    /// Appends the ids of a word's tokens.
    ///
    /// Repeatedly merges the pair of neighbours with the lowest rank, at all its occurrences in the word from left to
    /// right, until no pair can be merged. The cost is the word's length times the number of distinct merges in it.
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

    /// Replaces each pair that merges into `merged`.
    private mutating func apply(_ merged: Int32) {
        var source = 0
        var target = 0
        while source < tokens.count {
            let isPair = source < merges.count && merges[source] == merged
            tokens[target] = isPair ? merged : tokens[source]
            source += isPair ? 2 : 1
            // The merge with the successor moves along with its token; it is corrected below if a neighbour changed.
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
