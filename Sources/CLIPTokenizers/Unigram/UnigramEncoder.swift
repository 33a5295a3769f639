/// Finds the most probable pieces of words, reusing its working memory.
struct UnigramEncoder: SubwordEncoder {
    /// The best path to a position in the word.
    private struct Step {
        var score = 0.0
        /// The start of the last piece; negative while no path is known.
        var start: Int32 = -1
        var id: Int32 = 0
    }

    private let model: UnigramModel
    private var steps: [Step] = []
    /// The ends of the pieces on the best path, in reverse order.
    private var ends: [Int] = []

    init(_ model: UnigramModel) {
        self.model = model
    }

    /// Appends the ids of a word's pieces with the highest sum of scores (Viterbi algorithm).
    ///
    /// As in `tokenizers`, the first of several paths with equal scores is used, searching from left to right and short
    /// pieces first. Adjacent unknown characters form one unknown piece.
    mutating func encode(_ word: ArraySlice<UInt8>, into ids: inout [Int]) {
        steps.removeAll(keepingCapacity: true)
        steps.append(contentsOf: repeatElement(Step(), count: word.count + 1))
        var position = 0
        while position < word.count {
            let length = min(UTF8Text.length(startingWith: word[word.startIndex + position]), word.count - position)
            if !followPieces(of: word, from: position, characterLength: length) {
                come(to: position + length, from: position, with: model.unknownID, score: model.unknownScore)
            }
            position += length
        }
        ends.removeAll(keepingCapacity: true)
        while position > 0 {
            ends.append(position)
            position = Int(steps[position].start)
        }
        appendPieces(of: word, to: &ids)
    }

    /// Extends paths with every piece that begins at a position.
    ///
    /// - Returns: Whether a piece consists of exactly the character there.
    private mutating func followPieces(of word: ArraySlice<UInt8>, from start: Int, characterLength: Int) -> Bool {
        var hasCharacter = false
        var node = ByteTrie.root
        for end in start + 1..<word.count + 1 {
            node = model.trie.child(of: node, word[word.startIndex + end - 1])
            if node == ByteTrie.none { break }
            let id = model.trie.value(at: node)
            if id == ByteTrie.none { continue }
            come(to: end, from: start, with: id, score: model.scores[Int(id)])
            if end - start == characterLength { hasCharacter = true }
        }
        return hasCharacter
    }

    private mutating func come(to end: Int, from start: Int, with id: Int32, score: Double) {
        let score = score + steps[start].score
        if steps[end].start < 0 || score > steps[end].score {
            steps[end] = Step(score: score, start: Int32(start), id: id)
        }
    }

    private func appendPieces(of word: ArraySlice<UInt8>, to ids: inout [Int]) {
        var unknownStart: Int?
        for end in ends.reversed() {
            let step = steps[end]
            if step.id == model.unknownID {
                unknownStart = unknownStart ?? Int(step.start)
                continue
            }
            if let start = unknownStart {
                model.appendUnknown(word[word.startIndex + start..<word.startIndex + Int(step.start)], to: &ids)
                unknownStart = nil
            }
            ids.append(Int(step.id))
        }
        if let start = unknownStart { model.appendUnknown(word[(word.startIndex + start)...], to: &ids) }
    }
}
