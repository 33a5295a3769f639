/// Turns a text into the token ids that a text encoder was trained on.
///
/// Tokenizers are values and are called from several tasks at once.
public protocol Tokenizer: Sendable {
    /// How texts of different lengths are brought to one length.
    var padding: TokenPadding { get }

    /// Token ids of one text, with start and end tokens, truncated to the context length and not padded.
    ///
    /// - Throws: ``CLIPError`` when the vocabulary cannot represent the text.
    func tokenize(_ text: String) throws -> [Int]
}

/// A tokenizer that shows people what becomes of a text.
package protocol InspectableTokenizer: Tokenizer {
    /// The same tokenizer without a limit to the number of tokens: for ``Tokenizer/tokenize(_:)``, to see what is cut off, and
    /// not for batches.
    var untruncated: Self { get }

    /// What each id stands for in the vocabulary's own spelling.
    ///
    /// - Precondition: Each id is one that ``Tokenizer/tokenize(_:)`` or ``Tokenizer/padding`` gives.
    func pieces(for ids: [Int]) -> [String]
}

/// How a tokenizer fills up short texts.
public struct TokenPadding: Sendable, Hashable {
    /// The length that texts are brought to.
    public enum Length: Sendable, Hashable {
        /// Always the same number of tokens.
        case context(Int)
        /// The longest text of the batch.
        case longest
    }

    /// The id that fills up.
    public let id: Int
    /// The length to fill up to.
    public let length: Length

    /// Creates a padding rule.
    public init(id: Int, length: Length) {
        self.id = id
        self.length = length
    }
}

extension Tokenizer {
    /// Token ids of several texts, padded to one length.
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
