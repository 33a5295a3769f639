/// The vocabulary and the merges of a byte-pair model in a `tokenizer.json`.
struct PieceTable {
    /// The pieces, UTF-8; a piece's id is its index.
    private(set) var pieces: [[UInt8]] = []
    /// The pairs of pieces to merge, in order of rank.
    private(set) var merges: [(left: [UInt8], right: [UInt8])] = []

    /// Reads the fields `model.vocab` and `model.merges`.
    ///
    /// - Throws: ``TokenizerFile/Problem`` if they are damaged or the ids have gaps.
    init(_ file: [UInt8]) throws {
        var vocabulary: [(piece: [UInt8], id: Int)]?
        var merges: [(left: [UInt8], right: [UInt8])]?
        var scanner = JSONScanner(file)
        try scanner.object { scanner, key in
            guard key.elementsEqual("model".utf8) else {
                _ = try scanner.skipValue()
                return
            }
            try scanner.object { scanner, key in
                switch String(decoding: key, as: UTF8.self) {
                case "vocab": vocabulary = try Self.vocabulary(&scanner)
                case "merges": merges = try Self.merges(&scanner)
                default: try scanner.skipValue()
                }
            }
        }
        guard let vocabulary, let merges else {
            throw TokenizerFile.Problem("the model has no field '\(vocabulary == nil ? "vocab" : "merges")'")
        }
        self.merges = merges
        pieces = Array(repeating: [], count: vocabulary.count)
        var isTaken = Array(repeating: false, count: vocabulary.count)
        for (piece, id) in vocabulary {
            guard isTaken.indices.contains(id), !isTaken[id] else {
                throw TokenizerFile.Problem("the ids in 'model.vocab' must be 0 to \(vocabulary.count - 1), each once")
            }
            isTaken[id] = true
            pieces[id] = piece
        }
    }

    private static func vocabulary(_ scanner: inout JSONScanner) throws -> [(piece: [UInt8], id: Int)] {
        guard try scanner.peek() == UInt8(ascii: "{") else {
            throw TokenizerFile.Problem("the field 'model.vocab' is not an object")
        }
        var vocabulary: [(piece: [UInt8], id: Int)] = []
        try scanner.object { scanner, piece in
            guard let id = try scanner.integer() else {
                let name = String(decoding: piece, as: UTF8.self)
                throw TokenizerFile.Problem("the id of '\(name)' in 'model.vocab' is not an integer")
            }
            vocabulary.append((piece, id))
        }
        return vocabulary
    }

    /// Merges are lists of two pieces or, in older files, strings with a space between the two pieces.
    private static func merges(_ scanner: inout JSONScanner) throws -> [(left: [UInt8], right: [UInt8])] {
        guard try scanner.peek() == UInt8(ascii: "[") else {
            throw TokenizerFile.Problem("the field 'model.merges' is not a list")
        }
        var merges: [(left: [UInt8], right: [UInt8])] = []
        try scanner.array { scanner in
            var pair: [[UInt8]] = []
            switch try scanner.peek() {
            case UInt8(ascii: "["):
                try scanner.array { scanner in
                    if try scanner.peek() == UInt8(ascii: "\"") {
                        pair.append(try scanner.string())
                    } else {
                        try scanner.skipValue()
                    }
                }
            case UInt8(ascii: "\""):
                let line = try scanner.string()
                pair = line.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false).map(Array.init)
            default: try scanner.skipValue()
            }
            guard pair.count == 2 else {
                throw TokenizerFile.Problem("the field 'model.merges.[\(merges.count)]' is not a pair of pieces")
            }
            merges.append((pair[0], pair[1]))
        }
        return merges
    }
}
