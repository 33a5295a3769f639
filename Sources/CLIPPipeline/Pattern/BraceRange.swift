/// A range of numbers or letters in braces: `000..123`, `a..e`, `0..10..2`.
struct BraceRange {
    private let first: Int
    private let step: Int
    private let isLetters: Bool
    private let width: Int
    /// Number of texts; `Int.max` if the number overflows.
    let count: Int

    /// Parses a range; `nil` if the text is not a range.
    init?(_ text: ArraySlice<UInt8>) {
        let parts = String(decoding: text, as: UTF8.self).split(separator: "..", omittingEmptySubsequences: false)
        guard parts.count == 2 || parts.count == 3 else { return nil }
        let stride: Int
        if parts.count == 3 {
            guard let value = Int(parts[2]), value != .min else { return nil }
            stride = max(abs(value), 1)
        } else {
            stride = 1
        }
        let last: Int
        if let from = Int(parts[0]), let to = Int(parts[1]) {
            (first, last, isLetters) = (from, to, false)
            let isPadded = parts[..<2].contains { part in
                let digits = part.drop { $0 == "-" || $0 == "+" }
                return digits.count > 1 && digits.first == "0"
            }
            width = isPadded ? parts[..<2].map(\.utf8.count).max() ?? 0 : 0
        } else if let from = Self.letter(parts[0]), let to = Self.letter(parts[1]) {
            (first, last, isLetters, width) = (from, to, true, 0)
        } else {
            return nil
        }
        step = last < first ? -stride : stride
        let (distance, overflow) = last.subtractingReportingOverflow(first)
        let steps = distance.magnitude / UInt(stride)
        count = overflow || steps >= UInt(Int.max) ? .max : Int(steps) + 1
    }

    /// The texts, in order.
    var texts: [[UInt8]] {
        (0..<count).map { index in
            let value = first + index * step
            return isLetters ? [UInt8(truncatingIfNeeded: value)] : Array(padded(value).utf8)
        }
    }

    private func padded(_ value: Int) -> String {
        let sign = value < 0 ? "-" : ""
        let digits = String(value.magnitude)
        return sign + String(repeating: "0", count: max(0, width - sign.count - digits.count)) + digits
    }

    private static func letter(_ text: Substring) -> Int? {
        guard text.utf8.count == 1, let byte = text.utf8.first, Character(Unicode.Scalar(byte)).isLetter else {
            return nil
        }
        return Int(byte)
    }
}
