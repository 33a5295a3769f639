/// Detects and repairs UTF-8 text that was decoded with a single-byte encoding, such as `cafÃ©` for `café`.
///
/// The method is that of `fix_encoding` in ftfy 6.3.
enum Mojibake {
    /// The repaired text, or the unchanged text if it is not mojibake or cannot be repaired.
    static func repair(_ text: [Unicode.Scalar]) -> [Unicode.Scalar] {
        var text = text
        while true {
            let previous = text
            text = repairOnce(text)
            if text == previous { return text }
        }
    }

    private static func repairOnce(_ text: [Unicode.Scalar]) -> [Unicode.Scalar] {
        guard text.contains(where: { !$0.isASCII }), MojibakeRules.match(text) else { return text }
        if let decoded = decoded(text) { return decoded }
        let pieces = repairingPieces(of: text)
        if pieces != text { return pieces }
        return text.contains(where: isC1Control) ? readingC1Controls(of: text) : text
    }

    /// The whole text, encoded with the first encoding that gives valid UTF-8, then decoded.
    private static func decoded(_ text: [Unicode.Scalar]) -> [Unicode.Scalar]? {
        for encoding in SingleByteEncoding.all {
            guard var bytes = encoding.encode(text) else { continue }
            if encoding.restoresSpaces { bytes = DamagedUTF8.restoringNoBreakSpaces(in: bytes) }
            if encoding.isLossy { bytes = DamagedUTF8.replacingLostSequences(in: bytes) }
            if let decoded = VariantUTF8.decode(bytes) { return decoded }
        }
        return nil
    }

    /// The text with each run that looks like UTF-8 and is unlikely as text repaired separately.
    private static func repairingPieces(of text: [Unicode.Scalar]) -> [Unicode.Scalar] {
        var result: [Unicode.Scalar] = []
        var index = 0
        while index < text.count {
            let end = endOfSequences(in: text, from: index)
            guard end > index else {
                result.append(text[index])
                index += 1
                continue
            }
            let piece = Array(text[index..<end])
            result += piece.count < text.count && MojibakeRules.match(piece) ? repair(piece) : piece
            index = end
        }
        return result
    }

    /// The end of the run of UTF-8 sequences that begins at an index and is not the tail of another run.
    private static func endOfSequences(in text: [Unicode.Scalar], from start: Int) -> Int {
        if start > 0, strictContinuations.contains(text[start - 1]) { return start }
        var end = start
        while end < text.count {
            guard let length = leads.first(where: { $0.scalars.contains(text[end]) })?.continuations else { return end }
            let next = text[(end + 1)...].prefix(length)
            guard next.count == length, next.allSatisfy(continuations.contains) else { return end }
            end += 1 + length
        }
        return end
    }

    private static let leads = [
        (scalars: ScalarSet(MojibakeTable.utf8FirstOf2), continuations: 1),
        (scalars: ScalarSet(MojibakeTable.utf8FirstOf3), continuations: 2),
        (scalars: ScalarSet(MojibakeTable.utf8FirstOf4), continuations: 3),
    ]
    private static let continuations = ScalarSet(MojibakeTable.utf8Continuation)
    private static let strictContinuations = ScalarSet(MojibakeTable.utf8ContinuationStrict)

    private static func isC1Control(_ scalar: Unicode.Scalar) -> Bool {
        (0x80...0x9F).contains(scalar.value)
    }

    private static func readingC1Controls(of text: [Unicode.Scalar]) -> [Unicode.Scalar] {
        text.map { isC1Control($0) ? SingleByteEncoding.windows1252.scalar(of: UInt8($0.value)) : $0 }
    }
}
