/// The pieces and merges of a byte-pair model over characters.
struct SentencePieceBPEModel: SubwordModel {
    struct Merge {
        /// Lower ranks are merged first.
        let rank: UInt32
        /// The piece that the pair merges into.
        let id: Int32
    }

    let pieces: [String]
    let trie: ByteTrie
    let unknownID: Int32
    /// Whether adjacent unknown characters form one unknown piece.
    let fusesUnknown: Bool
    /// The ids of the pieces `<0x00>` to `<0xFF>`, which spell out a character that the vocabulary lacks;
    /// ``ByteTrie/none`` for missing pieces.
    let byteIDs: [Int32]
    private let merges: [UInt64: Merge]

    /// Builds the model; as in `tokenizers`, the last of equal merges is used.
    ///
    /// - Throws: ``TokenizerFile/Problem`` if a merge uses or creates a piece that the vocabulary lacks, or the unknown
    ///   piece is missing.
    init(_ table: PieceTable, unknownPiece: String?, usesByteFallback: Bool, fusesUnknown: Bool) throws {
        let trie = ByteTrie(table.pieces.enumerated().map { ($0.element, Int32($0.offset)) })
        func id(_ piece: [UInt8]) throws -> Int32 {
            let id = trie.value(of: piece)
            guard id != ByteTrie.none else {
                let name = String(decoding: piece, as: UTF8.self)
                throw TokenizerFile.Problem("'model.merges' needs the piece '\(name)', which is not in 'model.vocab'")
            }
            return id
        }
        var merges: [UInt64: Merge] = [:]
        merges.reserveCapacity(table.merges.count)
        for (rank, merge) in table.merges.enumerated() {
            let pair = Self.pair(try id(merge.left), try id(merge.right))
            merges[pair] = Merge(rank: UInt32(rank), id: try id(merge.left + merge.right))
        }
        self.merges = merges
        self.trie = trie
        self.fusesUnknown = fusesUnknown
        pieces = table.pieces.map { String(decoding: $0, as: UTF8.self) }
        unknownID = unknownPiece.map { trie.value(of: $0.utf8) } ?? ByteTrie.none
        byteIDs = usesByteFallback ? trie.bytePieces() : Array(repeating: ByteTrie.none, count: 256)
        guard unknownID != ByteTrie.none else {
            throw TokenizerFile.Problem("the field 'model.unk_token' does not name a piece of the vocabulary")
        }
    }

    /// The id of a piece; `nil` if the model lacks it.
    func id(of piece: String) -> Int? {
        let id = trie.value(of: piece.utf8)
        return id == ByteTrie.none ? nil : Int(id)
    }

    /// The merge of two neighbouring pieces; `nil` if they do not merge.
    func merge(_ left: Int32, _ right: Int32) -> Merge? {
        merges[Self.pair(left, right)]
    }

    func makeEncoder() -> SentencePieceBPEEncoder {
        SentencePieceBPEEncoder(self)
    }

    private static func pair(_ left: Int32, _ right: Int32) -> UInt64 {
        UInt64(UInt32(bitPattern: left)) << 32 | UInt64(UInt32(bitPattern: right))
    }
}
