extension TokenizerFile {
    struct Truncation: Decodable {
        let direction: String?
    }

    struct Padding: Decodable {
        let direction: String?
        let padToMultipleOf: Int?
        let padToken: String
    }

    struct AddedToken: Decodable {
        let id: Int
        let content: String
        let singleWord: Bool
        let lstrip: Bool
        let rstrip: Bool
        let normalized: Bool
    }

    struct Normalizer: Decodable {
        let type: String
        let normalizers: [Normalizer]?
        let precompiledCharsmap: String?
        let pattern: Pattern?
        let content: String?
        let stripLeft: Bool?
        let stripRight: Bool?
        let prepend: String?
    }

    /// A string under `String`, or a regular expression under `Regex`.
    typealias Pattern = [String: String]

    struct PreTokenizer: Decodable {
        let type: String
        let pretokenizers: [PreTokenizer]?
        let replacement: String?
        let addPrefixSpace: Bool?
        let prependScheme: String?
        let split: Bool?
        let pattern: Pattern?
        let behavior: String?
        let invert: Bool?
    }

    struct PostProcessor: Decodable {
        let type: String
        let single: [[String: TemplatePart]]?
        let specialTokens: [String: SpecialToken]?
    }

    struct TemplatePart: Decodable {
        let id: String
    }

    struct SpecialToken: Decodable {
        let ids: [Int]
    }

    enum Model: Decodable {
        case unigram(Unigram)
        case bytePair(BytePair)

        private enum CodingKeys: String, CodingKey {
            case type
        }

        init(from decoder: any Decoder) throws {
            let type = try decoder.container(keyedBy: CodingKeys.self).decode(String.self, forKey: .type)
            switch type {
            case "Unigram": self = .unigram(try Unigram(from: decoder))
            case "BPE": self = .bytePair(try BytePair(from: decoder))
            default: throw Problem.unsupported("model", type, supported: ["Unigram", "BPE"])
            }
        }
    }

    struct Unigram: Decodable {
        let unkId: Int?
        let byteFallback: Bool?
        let vocab: [Piece]
    }

    /// A model of type BPE without vocabulary and merges, which ``PieceTable`` reads because `JSONDecoder` treats
    /// canonically equivalent keys as equal.
    struct BytePair: Decodable {
        let unkToken: String?
        let byteFallback: Bool?
        let fuseUnk: Bool?
        let dropout: Double?
        let continuingSubwordPrefix: String?
        let endOfWordSuffix: String?
        let ignoreMerges: Bool?
    }

    /// A piece with its score: a list of a string and a number.
    struct Piece: Decodable {
        let text: String
        let score: Double

        init(from decoder: any Decoder) throws {
            var container = try decoder.unkeyedContainer()
            text = try container.decode(String.self)
            score = try container.decode(Double.self)
        }
    }
}
