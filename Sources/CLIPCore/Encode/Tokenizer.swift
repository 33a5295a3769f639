/// Turns a text into the token ids that a text encoder was trained on.
///
/// Tokenizers are values and may be called from several tasks at once.
public protocol Tokenizer: Sendable {
    /// How texts of different lengths are padded.
    var padding: TokenPadding { get }

    /// The token ids of one text, with start and end tokens, truncated to the context length and not padded.
    ///
    /// - Throws: ``CLIPError`` when the vocabulary cannot represent the text.
    func tokenize(_ text: String) throws -> [Int]
}

/// A tokenizer that can show how it splits a text.
package protocol InspectableTokenizer: Tokenizer {
    /// The same tokenizer without a token limit. Use it with ``Tokenizer/tokenize(_:)`` to see what is truncated, not
    /// for batches.
    var untruncated: Self { get }

    /// The vocabulary entry of each id.
    ///
    /// - Precondition: Each id was returned by ``Tokenizer/tokenize(_:)`` or ``Tokenizer/padding``.
    func pieces(for ids: [Int]) -> [String]
}

/// How a tokenizer pads short texts.
public struct TokenPadding: Sendable, Hashable {
    /// The length that texts are padded to.
    public enum Length: Sendable, Hashable {
        /// A fixed number of tokens.
        case context(Int)
        /// The length of the longest text in the batch.
        case longest
    }

    /// The padding id.
    public let id: Int
    /// The padded length.
    public let length: Length

    /// Creates a padding rule.
    public init(id: Int, length: Length) {
        self.id = id
        self.length = length
    }
}

extension Tokenizer {
    /// Tokenises several texts and pads them to one length.
    ///
    /// - Throws: What ``tokenize(_:)`` throws.
    public func batch(_ texts: [String]) throws -> TokenBatch {
        let rows = try texts.map(tokenize)
        let length =
            switch padding.length {
            case .context(let length): length
            case .longest: rows.map(\.count).max() ?? 0
            }
        return TokenBatch(rows: rows, length: length, paddingID: padding.id)
    }
}
