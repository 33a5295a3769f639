/// Why images failed, and how many for each reason.
///
/// Its memory is bounded, however many reasons there are.
package struct FailureTally: Sendable {
    /// Images that failed for the same reason.
    package struct Entry: Sendable, Hashable {
        /// Where on their way; `nil` where a store names a stage that this version does not know.
        package let stage: RunStage?
        /// Why; names of files and addresses are left out, and `N` stands for numbers.
        package let reason: String
        /// How many.
        package let count: Int
    }

    private struct Key: Hashable {
        let stage: RunStage?
        let reason: String
    }

    /// Reasons that are counted one by one; the next ones are counted together.
    private static let reasonLimit = 1000
    private static let otherReasons = "other reasons"

    private var counts = [Key: Int]()

    /// Creates an empty tally.
    package init() {}

    /// Counts an image.
    package mutating func add(_ image: FailedImage) {
        add(id: image.id, stage: image.stage, reason: image.reason)
    }

    /// Counts an image by what a store says of it.
    package mutating func add(id: String, stage: RunStage?, reason: String) {
        var key = Key(stage: stage, reason: Self.general(reason, id: id))
        if counts.count >= Self.reasonLimit, counts[key] == nil { key = Key(stage: stage, reason: Self.otherReasons) }
        counts[key, default: 0] += 1
    }

    /// The reasons, most common first.
    package var mostCommon: [Entry] {
        counts
            .map { Entry(stage: $0.key.stage, reason: $0.key.reason, count: $0.value) }
            .sorted {
                ($1.count, $0.stage?.rawValue ?? "", $0.reason) < ($0.count, $1.stage?.rawValue ?? "", $1.reason)
            }
    }

    /// A reason without what is special to one image: its id, paths and addresses, and all numbers.
    private static func general(_ reason: String, id: String) -> String {
        withoutNumbers(withoutPaths(withoutID(reason, id)))
    }

    /// An id, and what is before it of a path, as `…`; one inside a word or number is none.
    private static func withoutID(_ text: String, _ id: String) -> String {
        guard !id.isEmpty else { return text }
        var result = ""
        var rest = text[...]
        while let range = rest.firstRange(of: id) {
            let before = rest[..<range.lowerBound]
            let neighbours = [before.last ?? result.last, rest[range.upperBound...].first].compactMap(\.self)
            if neighbours.contains(where: { $0.isLetter || $0.isNumber }) {
                result += rest[..<range.upperBound]
            } else {
                let start = before.lastIndex { $0.isWhitespace || "'\"(".contains($0) }.map(before.index(after:))
                result += before[..<(start ?? before.startIndex)] + "…"
            }
            rest = rest[range.upperBound...]
        }
        return result + rest
    }

    /// Words with a slash as `…`, but for the marks around them; several in a row become one.
    private static func withoutPaths(_ text: String) -> String {
        var words = [Substring]()
        for word in text.split(separator: " ", omittingEmptySubsequences: false) {
            let general = word.contains("/") ? withoutPath(word) : word
            if general.hasPrefix("…"), let last = words.last, last.hasSuffix("…") {
                words[words.count - 1] = last + general.dropFirst()
            } else {
                words.append(general)
            }
        }
        return words.joined(separator: " ")
    }

    private static func withoutPath(_ word: Substring) -> Substring {
        let marks = "'\"(),:;.!?"
        guard let first = word.firstIndex(where: { !marks.contains($0) }),
            let last = word.lastIndex(where: { !marks.contains($0) })
        else { return word }
        return word[..<first] + "…" + word[word.index(after: last)...]
    }

    private static func withoutNumbers(_ text: String) -> String {
        text.reduce(into: "") { general, character in
            if !("0"..."9").contains(character) {
                general.append(character)
            } else if general.last != "N" {
                general.append("N")
            }
        }
    }
}
