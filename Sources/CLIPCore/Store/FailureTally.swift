/// Counts failed images by reason.
///
/// Its memory is bounded, whatever the number of reasons.
package struct FailureTally: Sendable {
    /// Images that failed for the same reason.
    package struct Entry: Sendable, Hashable {
        /// The stage that failed; `nil` if a store names a stage unknown to this version.
        package let stage: RunStage?
        /// The reason, with `…` instead of file names and URLs and `N` instead of most numbers.
        package let reason: String
        /// The number of images.
        package let count: Int
    }

    private struct Key: Hashable {
        let stage: RunStage?
        let reason: String
    }

    /// The maximum number of distinct reasons; any others are counted together.
    private static let reasonLimit = 1000
    private static let otherReasons = "other reasons"

    private var counts = [Key: Int]()

    /// Creates an empty tally.
    package init() {}

    /// Counts an image.
    package mutating func add(_ image: FailedImage) {
        add(id: image.id, stage: image.stage, reason: image.reason)
    }

    /// Counts a failed image recorded in a store.
    package mutating func add(id: String, stage: RunStage?, reason: String) {
        var key = Key(stage: stage, reason: Self.general(reason, id: id))
        if counts.count >= Self.reasonLimit, counts[key] == nil { key = Key(stage: stage, reason: Self.otherReasons) }
        counts[key, default: 0] += 1
    }

    /// The number of images.
    package var count: Int { counts.values.reduce(0, +) }

    /// The reasons, most common first.
    package var mostCommon: [Entry] {
        counts
            .map { Entry(stage: $0.key.stage, reason: $0.key.reason, count: $0.value) }
            .sorted {
                ($1.count, $0.stage?.rawValue ?? "", $0.reason) < ($0.count, $1.stage?.rawValue ?? "", $1.reason)
            }
    }

    /// A reason without details of one image: its id, paths, URLs and numbers.
    private static func general(_ reason: String, id: String) -> String {
        withoutNumbers(withoutPaths(withoutID(reason, id)))
    }

    /// Replaces an id, and the path before it, with `…`; an id inside a word or number does not count.
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

    /// Replaces words that contain a slash with `…`, keeping surrounding punctuation; adjacent ones are merged.
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

    /// What precedes numbers that say what happened, or belong to a name: `HTTP 404`, `JPEG 2000`, `UTF-8`.
    private static let words = ["HTTP ", "JPEG ", "UTF-"]

    private static func withoutNumbers(_ text: String) -> String {
        var general = ""
        var rest = text[...]
        while let start = rest.firstIndex(where: isDigit) {
            general += rest[..<start]
            let number = rest[start...].prefix(while: isDigit)
            general += words.contains(where: general.hasSuffix) ? number : "N"
            rest = rest[number.endIndex...]
        }
        return general + rest
    }

    private static func isDigit(_ character: Character) -> Bool { ("0"..."9").contains(character) }
}
