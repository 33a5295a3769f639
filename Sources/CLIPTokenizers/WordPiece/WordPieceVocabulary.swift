internal import CLIPCore

/// The pieces of a WordPiece vocabulary in two prefix trees over their bytes: pieces that begin a word, and pieces that
/// continue one.
struct WordPieceVocabulary: Sendable {
    /// The pieces as written in the vocabulary file.
    let pieces: [String]
    /// Maps a node and a byte to the child node.
    private var children: [UInt32: UInt32] = [:]
    /// The id of the piece that ends at each node, or -1.
    private var ends: [Int32] = [-1, -1]

    private static let beginning: UInt32 = 0
    private static let continuation: UInt32 = 1
    private static let continuationMark = Array("##".utf8)
    /// Node numbers, of which each byte may need one, must fit into the upper 24 bits of a key.
    private static let maximumBytes = 1 << 24

    /// Reads a vocabulary: one piece per line, whose id is the line number, counted from 0.
    ///
    /// - Throws: `CLIPError` with code `invalidModel` if a piece occurs twice or the file is too large.
    init(_ file: [UInt8], name: String) throws {
        var lines = file.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map { line in
            line.last == UInt8(ascii: "\r") ? line.dropLast() : line
        }
        if lines.last?.isEmpty ?? false { lines.removeLast() }
        pieces = lines.map { String(decoding: $0, as: UTF8.self) }
        guard file.count < Self.maximumBytes else {
            throw CLIPError(.invalidModel, "\(name) is too large for a vocabulary: \(file.count) bytes.")
        }
        children.reserveCapacity(file.count)
        for (id, line) in lines.enumerated() {
            let continues = line.starts(with: Self.continuationMark)
            let node = insert(
                continues ? line.dropFirst(Self.continuationMark.count) : line,
                below: continues ? Self.continuation : Self.beginning
            )
            guard ends[node] < 0 else {
                throw CLIPError(
                    .invalidModel,
                    "\(name) contains '\(pieces[id])' twice, on lines \(ends[node] + 1) and \(id + 1)."
                )
            }
            ends[node] = Int32(id)
        }
    }

    /// The id of a token that begins a word.
    func id(of token: String) -> Int? {
        var node = Self.beginning
        for byte in token.utf8 {
            guard let child = children[node << 8 | UInt32(byte)] else { return nil }
            node = child
        }
        return ends[Int(node)] < 0 ? nil : Int(ends[Int(node)])
    }

    /// Appends the ids of the longest pieces that compose a word, from left to right.
    ///
    /// - Returns: `false`, without appending anything, if the word cannot be composed.
    func appendPieces(of word: ArraySlice<Unicode.Scalar>, to ids: inout [Int]) -> Bool {
        let bytes = word.flatMap { UTF8.encode($0) ?? UTF8.encodedReplacementCharacter }
        let count = ids.count
        var start = 0
        while start < bytes.count {
            var node = start == 0 ? Self.beginning : Self.continuation
            var longest: (id: Int32, end: Int)?
            for index in start..<bytes.count {
                guard let child = children[node << 8 | UInt32(bytes[index])] else { break }
                node = child
                if ends[Int(node)] >= 0 { longest = (ends[Int(node)], index + 1) }
            }
            guard let longest else {
                ids.removeLast(ids.count - count)
                return false
            }
            ids.append(Int(longest.id))
            start = longest.end
        }
        return true
    }

    /// The node at which a piece ends.
    private mutating func insert(_ bytes: ArraySlice<UInt8>, below root: UInt32) -> Int {
        var node = root
        for byte in bytes {
            let key = node << 8 | UInt32(byte)
            if let child = children[key] {
                node = child
            } else {
                node = UInt32(ends.count)
                children[key] = node
                ends.append(-1)
            }
        }
        return Int(node)
    }
}
