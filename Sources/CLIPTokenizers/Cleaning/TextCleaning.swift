/// How a text is tidied up before it is tokenized.
///
/// The names and the steps are those of open_clip's tokenizers. All but ``none`` repair what usually goes wrong with
/// typed and copied text as ftfy 6.3's `fix_text` does (curly quotes, full-width forms, Latin ligatures, control
/// characters, text in the wrong encoding, NFC), resolve HTML character references twice, and collapse white space.
public enum TextCleaning: String, Sendable, Hashable, CaseIterable, Codable {
    /// The text is left as it is.
    case none
    /// Repaired, with single spaces. What open_clip does for Hugging Face tokenizers unless a model says otherwise.
    case whitespace
    /// As ``whitespace``, in lower case. What the CLIP tokenizer does.
    case lower
    /// As ``lower``, with `_` as a space and without ASCII punctuation. What SigLIP's and CLIPA's tokenizers do.
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

    /// Whether a byte neither is changed by the repair nor begins something that is.
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
