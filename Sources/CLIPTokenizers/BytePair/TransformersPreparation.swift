/// How `CLIPTokenizer` of transformers prepares texts: it finds the special tokens, composes characters (NFC) and
/// lower-cases them.
struct TransformersPreparation: Sendable {
    /// A section of a text.
    enum Part {
        case token(Int)
        /// Normalised UTF-8, not empty.
        case text([UInt8])
    }

    private let plain: AddedTokens
    private let normalized: AddedTokens
    private static let steps: [NormalizationStep] = [.form(.canonicalComposition), .lowercase]

    /// - Parameters:
    ///   - tokens: The special tokens with their ids.
    ///   - normalizedNames: Those of them that are found after normalisation.
    init(tokens: [(name: String, id: Int)], normalizedNames: [String]) {
        plain = Self.added(tokens.filter { !normalizedNames.contains($0.name) })
        normalized = Self.added(tokens.filter { normalizedNames.contains($0.name) })
    }

    /// Calls `body` with each part of a text, UTF-8, until it returns `false`.
    func forEachPart(of text: [UInt8], _ body: (Part) -> Bool) {
        for part in plain.parts(of: text) {
            switch part {
            case .token(let id): guard body(.token(id)) else { return }
            case .text(let range):
                var section = NormalizedText(bytes: Array(text[range]), originCount: 0)
                for step in Self.steps { step.apply(to: &section) }
                for piece in normalized.parts(of: section.bytes) {
                    switch piece {
                    case .token(let id): guard body(.token(id)) else { return }
                    case .text(let range): guard body(.text(Array(section.bytes[range]))) else { return }
                    }
                }
            }
        }
    }

    private static func added(_ tokens: [(name: String, id: Int)]) -> AddedTokens {
        AddedTokens(
            tokens.map {
                AddedTokens.Token(
                    id: $0.id,
                    pattern: Array($0.name.utf8),
                    isWholeWord: false,
                    takesSpaceBefore: false,
                    takesSpaceAfter: false
                )
            }
        )
    }
}
