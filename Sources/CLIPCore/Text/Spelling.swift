/// Suggests the known word closest to a misspelt one.
package enum Spelling {
    /// The known word at the smallest edit distance, or `nil` if none is close enough to be a typo.
    package static func nearest(to word: String, among known: [String]) -> String? {
        let nearest = known.map { (word: $0, distance: editDistance(word, $0)) }.min { $0.distance < $1.distance }
        guard let nearest, nearest.distance <= max(1, nearest.word.count / 3) else { return nil }
        return nearest.word
    }

    /// The Levenshtein distance: insertions, deletions and substitutions between two words (Levenshtein, 1966).
    static func editDistance(_ a: String, _ b: String) -> Int {
        let b = Array(b)
        var previous = Array(0...b.count)
        for (i, character) in a.enumerated() {
            var current = [i + 1]
            for (j, other) in b.enumerated() {
                current.append(min(previous[j] + (character == other ? 0 : 1), previous[j + 1] + 1, current[j] + 1))
            }
            previous = current
        }
        return previous[b.count]
    }
}
