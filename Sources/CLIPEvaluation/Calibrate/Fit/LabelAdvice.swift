internal import CLIPCore

/// Sentences that say how many more labels are needed, and of which images.
enum LabelAdvice {
    /// Advice for a category with too few labels; numbers of at most 0 are enough.
    static func more(positives: Int, negatives: Int, positiveScores: [Float]) -> String {
        var sentences = [String]()
        if positives > 0 {
            let place =
                if let low = positiveScores.min(), let high = positiveScores.max() {
                    low < high
                        ? "; those labelled so far score \(text(low)) to \(text(high))"
                        : "; the one so far scores \(text(low))"
                } else {
                    "; look among the highest scores, or draw them with 'clip-cli sample'"
                }
            sentences.append("Label \(count(positives)) that belong\(positives == 1 ? "s" : "") to it\(place).")
        }
        if negatives > 0 {
            sentences.append("Label \(count(negatives)) that \(negatives == 1 ? "does" : "do") not belong to it.")
        }
        return sentences.joined(separator: " ")
    }

    /// Advice for a promise that needs more images above a score.
    static func more(_ number: Int, scoringAtLeast score: Float) -> String {
        "Label about \(count(number)) that score\(number == 1 ? "s" : "") \(text(score)) or more."
    }

    private static func count(_ number: Int) -> String { "\(number) more image\(number == 1 ? "" : "s")" }

    private static func text(_ score: Float) -> String { DecimalText.fixed(Double(score), digits: 4) }
}
