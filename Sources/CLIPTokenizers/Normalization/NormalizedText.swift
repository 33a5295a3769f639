/// A section of a text during normalisation.
struct NormalizedText {
    /// UTF-8.
    var bytes: [UInt8]
    /// How many of the first bytes belong to the first character of the whole text, as `tokenizers` counts it; 0 if not
    /// tracked.
    ///
    /// Determines the word that gets a prefix meant only for the first word of the text.
    var originCount: Int

    /// The text of a range of bytes.
    subscript(range: Range<Int>) -> NormalizedText {
        NormalizedText(
            bytes: Array(bytes[range]),
            originCount: max(0, min(originCount, range.upperBound) - range.lowerBound)
        )
    }

    /// Replaces each scalar with what `body` appends for it.
    mutating func mapScalars(_ body: (Unicode.Scalar, inout [UInt8]) -> Void) {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var position = 0
        var count = 0
        for scalar in UTF8Text.scalars(bytes) {
            body(scalar, &result)
            if position < originCount { count = result.count }
            position += UTF8.width(scalar)
        }
        bytes = result
        originCount = count
    }

    /// What a normalisation step did, for each scalar of the result: its length in bytes, and whether it was added (1),
    /// replaces a scalar (0), or replaces one and is followed by removed ones (minus their number).
    typealias Change = (length: Int, kind: Int)

    /// Replaces the text with a step's result.
    mutating func replace(with result: [UInt8], changes: [Change]) {
        var count = 0
        var position = 0
        for change in changes {
            let isAtOrigin = change.kind > 0 ? position <= originCount : position < originCount
            guard isAtOrigin else { break }
            count += change.length
            for _ in 0..<max(0, 1 - change.kind) where position < bytes.count {
                position += UTF8Text.length(startingWith: bytes[position])
            }
        }
        originCount = min(count, result.count)
        bytes = result
    }
}
