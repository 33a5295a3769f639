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

    struct Model: Decodable {
        let type: String
        let unkId: Int?
        let byteFallback: Bool?
        let pieces: [Piece]

        private enum CodingKeys: String, CodingKey {
            case type
            case unkId
            case byteFallback
            case vocab
        }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            type = try container.decode(String.self, forKey: .type)
            guard type == "Unigram" else {
                throw Problem.unsupported("model", type, supported: ["Unigram"])
            }
            unkId = try container.decodeIfPresent(Int.self, forKey: .unkId)
            byteFallback = try container.decodeIfPresent(Bool.self, forKey: .byteFallback)
            pieces = try container.decode([Piece].self, forKey: .vocab)
        }
    }

    /// A piece with its score: a string and a number in a list.
    struct Piece: Decodable {
        let text: String
        let score: Double

        init(from decoder: any Decoder) throws {
            var container = try decoder.unkeyedContainer()
            text = try container.decode(String.self)
            score = Double.asReadByTokenizers(try container.decode(Double.self))
        }
    }
}
