/// The pieces of a Unigram model and their scores, which are log probabilities.
struct UnigramModel: SubwordModel {
    /// The pieces; a piece's id is its index.
    let pieces: [String]
    let scores: [Double]
    let trie: ByteTrie
    let unknownID: Int32
    /// The score of a character without a piece.
    let unknownScore: Double
    /// The ids of the pieces `<0x00>` to `<0xFF>`, which spell out unknown text; ``ByteTrie/none`` for missing pieces.
    private let byteIDs: [Int32]

    /// The value of SentencePiece and `tokenizers`.
    private static let unknownPenalty = 10.0

    init(pieces: [String], scores: [Double], unknownID: Int, usesByteFallback: Bool) {
        self.pieces = pieces
        self.scores = scores
        self.unknownID = Int32(unknownID)
        unknownScore = (scores.min() ?? 0) - Self.unknownPenalty
        let trie = ByteTrie(pieces.enumerated().map { (Array($0.element.utf8), Int32($0.offset)) })
        self.trie = trie
        byteIDs = usesByteFallback ? trie.bytePieces() : Array(repeating: ByteTrie.none, count: 256)
    }

    func makeEncoder() -> UnigramEncoder {
        UnigramEncoder(self)
    }

    /// The id of a piece; `nil` if the model lacks it.
    func id(of piece: String) -> Int? {
        let id = trie.value(of: piece.utf8)
        return id == ByteTrie.none ? nil : Int(id)
    }

    /// Appends the ids for a section of text without pieces: those of its bytes, or the unknown piece.
    func appendUnknown(_ bytes: ArraySlice<UInt8>, to ids: inout [Int]) {
        let whole = trie.value(of: bytes)
        if whole != ByteTrie.none {
            ids.append(Int(whole))
        } else if bytes.allSatisfy({ byteIDs[Int($0)] != ByteTrie.none }) {
            for byte in bytes { ids.append(Int(byteIDs[Int(byte)])) }
        } else {
            ids.append(Int(unknownID))
        }
    }
}
