/// How a text is cleaned before it is tokenised.
///
/// The names and steps are those of open_clip's tokenizers. All except ``none`` repair common problems of typed and
/// copied text like `fix_text` of ftfy 6.3 (curly quotes, full-width forms, Latin ligatures, control characters, wrong
/// encoding, NFC), resolve HTML character references twice, and collapse white space.
public enum TextCleaning: String, Sendable, Hashable, CaseIterable, Codable {
    /// Leaves the text unchanged.
    case none
    /// Repairs the text and collapses white space: open_clip's default for Hugging Face tokenizers.
    case whitespace
    /// Like ``whitespace``, in lower case: used by the CLIP tokenizer.
    case lower
    /// Like ``lower``, with `_` replaced by a space and without ASCII punctuation: used by SigLIP's and CLIPA's
    /// tokenizers.
    case canonicalize

    /// The cleaned text.
    ///
    /// ```swift
    /// TextCleaning.lower.clean("A  “Dog”&amp;Cat")  // a "dog"&cat
    /// ```
    package func clean(_ text: String) -> String {
        if self == .none { return text }
        if text.utf8.allSatisfy(Self.needsNoRepair) {
            return String(decoding: collapsed(text.utf8), as: UTF8.self)
        }
        var scalars = TextRepair.repair(Array(text.unicodeScalars))
        scalars = HTMLReferences.resolve(HTMLReferences.resolve(scalars))
        if self == .canonicalize { scalars = scalars.compactMap(Self.withoutPunctuation) }
        if self != .whitespace { scalars = Lowercase.apply(to: scalars) }
        var result = String.UnicodeScalarView()
        for word in scalars.split(whereSeparator: \.isPythonSpace) {
            if !result.isEmpty { result.append(" ") }
            result.append(contentsOf: word)
        }
        return String(result)
    }

    /// Whether a byte is not changed by the repair and does not begin a sequence that is.
    private static func needsNoRepair(_ byte: UInt8) -> Bool {
        (0x20...0x7E).contains(byte) && byte != UInt8(ascii: "&") || byte == 0x0A || byte == 0x09
    }

    private static func withoutPunctuation(_ scalar: Unicode.Scalar) -> Unicode.Scalar? {
        if scalar == "_" { return " " }
        return scalar.isASCIIPunctuation ? nil : scalar
    }

    /// The same steps for text that needs no repair, in one pass over its bytes.
    private func collapsed(_ text: String.UTF8View) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(text.count)
        var pendingSpace = false
        for byte in text {
            var scalar = Unicode.Scalar(byte)
            if self == .canonicalize {
                guard let kept = Self.withoutPunctuation(scalar) else { continue }
                scalar = kept
            }
            if scalar.isPythonSpace {
                pendingSpace = !result.isEmpty
                continue
            }
            if pendingSpace { result.append(UInt8(ascii: " ")) }
            pendingSpace = false
            let isLowered = self != .whitespace && (0x41...0x5A).contains(scalar.value)
            result.append(UInt8(truncatingIfNeeded: isLowered ? scalar.value | 0x20 : scalar.value))
        }
        return result
    }
}
