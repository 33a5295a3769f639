internal import CLIPCore

/// The tokens of a byte-pair encoding and the merges that create them.
///
/// The ids are, in order: 256 bytes, 256 word-final bytes, one per merge, start, end. So the merge with the lowest rank
/// is the one whose token has the lowest id.
struct BytePairVocabulary: Sendable {
    /// The tokens as written in the merges file; word-final tokens end with `</w>`.
    private(set) var pieces: [String]
    /// The id of each byte inside a word; a word-final byte has this id plus ``byteCount``.
    let byteIDs: [Int32]
    let startID: Int
    let endID: Int
    private let merges: [UInt64: Int32]

    static let byteCount: Int32 = 256
    private static let wordEnd = "</w>"

    /// Reads merges: a header line, then two tokens per line, separated by a space.
    ///
    /// - Parameters:
    ///   - file: The file's contents, UTF-8.
    ///   - count: How many merges to use.
    ///   - name: The file's name in error messages.
    /// - Throws: `CLIPError` with code `invalidModel`.
    init(merges file: [UInt8], count: Int, name: String) throws {
        let alphabet = Self.alphabet
        var byteIDs = [Int32](repeating: 0, count: alphabet.count)
        for (id, entry) in alphabet.enumerated() { byteIDs[Int(entry.byte)] = Int32(id) }
        var pieces = alphabet.map { String($0.scalar) }
        pieces += pieces.map { $0 + Self.wordEnd }
        pieces.reserveCapacity(pieces.count + count + 2)
        var ids: [String: Int32] = [:]
        ids.reserveCapacity(pieces.count + count)
        for (id, piece) in pieces.enumerated() { ids[piece] = Int32(id) }
        var merges: [UInt64: Int32] = [:]
        merges.reserveCapacity(count)

        var lines = file.split(separator: UInt8(ascii: "\n"), maxSplits: count + 1, omittingEmptySubsequences: false)
        if lines.last?.isEmpty ?? false { lines.removeLast() }
        guard lines.count > count else {
            throw CLIPError(
                .invalidModel,
                "\(name) contains \(max(0, lines.count - 1)) merges, but \(count) are needed. Use the tokenizer file that "
                    + "belongs to the model."
            )
        }
        for (index, line) in lines.dropFirst().prefix(count).enumerated() {
            let parts = line.split { $0 <= 0x20 }.map { String(decoding: $0, as: UTF8.self) }
            guard parts.count == 2, let first = ids[parts[0]], let second = ids[parts[1]] else {
                throw CLIPError(
                    .invalidModel,
                    "Line \(index + 2) of \(name) does not name two tokens that exist at that point. Use the tokenizer "
                        + "file that belongs to the model."
                )
            }
            let piece = parts[0] + parts[1]
            let id = Int32(pieces.count)
            guard ids.updateValue(id, forKey: piece) == nil else {
                throw CLIPError(.invalidModel, "Line \(index + 2) of \(name) makes the token '\(piece)' a second time.")
            }
            merges[Self.key(first, second)] = id
            pieces.append(piece)
        }
        startID = pieces.count
        endID = pieces.count + 1
        self.pieces = pieces + [WordSplitter.startToken, WordSplitter.endToken]
        self.byteIDs = byteIDs
        self.merges = merges
    }

    /// Gives the start and end tokens other names.
    mutating func rename(start: String, end: String) {
        pieces[startID] = start
        pieces[endID] = end
    }

    /// The id of a token; `nil` if there is none.
    func id(of piece: String) -> Int? {
        // Start and end are the last, and may have got the name of another.
        pieces.lastIndex(of: piece)
    }

    /// The id of the token that two neighbouring tokens merge into; `nil` if they do not merge.
    func merged(_ first: Int32, _ second: Int32) -> Int32? {
        merges[Self.key(first, second)]
    }

    private static func key(_ first: Int32, _ second: Int32) -> UInt64 {
        UInt64(UInt32(bitPattern: first)) << 32 | UInt64(UInt32(bitPattern: second))
    }

    /// The bytes in id order, each with the character that represents it: visible Latin-1 characters represent
    /// themselves, the others are U+0100 and up.
    private static var alphabet: [(byte: UInt8, scalar: Unicode.Scalar)] {
        let visible = (UInt8.min...UInt8.max).filter {
            (0x21...0x7E).contains($0) || (0xA1...0xAC).contains($0) || $0 >= 0xAE
        }
        let hidden = (UInt8.min...UInt8.max).filter { !visible.contains($0) }
        let substitutes = (UInt32(0x100)...).prefix(hidden.count).compactMap(Unicode.Scalar.init)
        return visible.map { ($0, Unicode.Scalar($0)) } + zip(hidden, substitutes).map { (byte: $0, scalar: $1) }
    }
}
