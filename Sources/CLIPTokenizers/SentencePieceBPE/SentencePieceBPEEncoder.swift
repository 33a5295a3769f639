/// Merges the characters of words into pieces, reusing its working memory.
struct SentencePieceBPEEncoder: SubwordEncoder {
    /// A piece of the word, linked to its neighbours by index; -1 for none.
    private struct Symbol {
        var id: Int32
        var previous: Int32
        var next: Int32
        var isMerged = false
    }

    private let model: SentencePieceBPEModel
    private var symbols: [Symbol] = []
    private var queue = MergeQueue()

    init(_ model: SentencePieceBPEModel) {
        self.model = model
    }

    /// Appends the ids of a word's pieces: starting from its characters, merges the pair with the lowest rank, the
    /// leftmost first, until no pair can be merged.
    mutating func encode(_ word: ArraySlice<UInt8>, into ids: inout [Int]) {
        symbols.removeAll(keepingCapacity: true)
        appendCharacters(of: word)
        for index in symbols.indices.dropFirst() { enqueue(Int32(index - 1), Int32(index)) }
        while let candidate = queue.pop() {
            let left = symbols[Int(candidate.position)]
            // The pair's pieces may have been merged with other neighbours in the meantime.
            guard !left.isMerged, left.next >= 0,
                model.merge(left.id, symbols[Int(left.next)].id)?.id == candidate.id
            else { continue }
            let next = symbols[Int(left.next)].next
            symbols[Int(left.next)].isMerged = true
            symbols[Int(candidate.position)].id = candidate.id
            symbols[Int(candidate.position)].next = next
            if next >= 0 { symbols[Int(next)].previous = candidate.position }
            enqueue(left.previous, candidate.position)
            enqueue(candidate.position, next)
        }
        for symbol in symbols where !symbol.isMerged { ids.append(Int(symbol.id)) }
    }

    /// Appends a piece for each character: its own, its bytes if the vocabulary lacks it, or else the unknown piece.
    ///
    /// As in `tokenizers`, the unknown piece is deferred until the next character with its own piece.
    private mutating func appendCharacters(of word: ArraySlice<UInt8>) {
        var hasUnknown = false
        var rest = word
        while let first = rest.first {
            let character = rest.prefix(UTF8Text.length(startingWith: first))
            rest = rest.dropFirst(character.count)
            let id = model.trie.value(of: character)
            if id != ByteTrie.none {
                if hasUnknown { append(model.unknownID) }
                hasUnknown = false
                append(id)
            } else if character.allSatisfy({ model.byteIDs[Int($0)] != ByteTrie.none }) {
                for byte in character { append(model.byteIDs[Int(byte)]) }
            } else {
                if hasUnknown && !model.fusesUnknown { append(model.unknownID) }
                hasUnknown = true
            }
        }
        if hasUnknown { append(model.unknownID) }
    }

    private mutating func append(_ id: Int32) {
        let place = Int32(symbols.count)
        if place > 0 { symbols[Int(place) - 1].next = place }
        symbols.append(Symbol(id: id, previous: place - 1, next: -1))
    }

    private mutating func enqueue(_ left: Int32, _ right: Int32) {
        guard left >= 0, right >= 0, let merge = model.merge(symbols[Int(left)].id, symbols[Int(right)].id) else {
            return
        }
        queue.push(MergeQueue.Candidate(rank: merge.rank, position: left, id: merge.id))
    }
}
