#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// The probability of a category if exactly one category applies.
///
/// `score = exp(s·image·positive) / (Σₖ exp(s·image·positiveₖ) + exp(s·image·neutral) + exp(s·image·negative))`, 0…1,
/// over all categories k, with the model's logit scale s. The neutral descriptions, if any, act as the class "none of
/// these"; a category's own negatives, if any, act as another class for that category alone. Without either, this is
/// CLIP's zero-shot classification (Radford et al., 2021).
package struct SoftmaxRule: CategoryFileRule {
    /// The factor that converts cosines to logits; positive.
    package let scale: Float

    /// Creates the rule.
    ///
    /// - Parameter scale: The model's logit scale, already exponentiated; 100 for OpenAI's models.
    /// - Throws: ``CLIPError`` with code `invalidModel` unless `scale` is positive and finite as a 32-bit float.
    package init(scale: Double) throws {
        self.scale = Float(scale)
        guard self.scale.isFinite, self.scale > 0 else {
            throw CLIPError(.invalidModel, "A logit scale must be a positive number, not \(scale).")
        }
    }

    /// `softmax` with its scale.
    package var identifier: String { Self.identifier("softmax", "scale \(scale)") }

    /// Scores a block of images against all categories.
    package func score(_ similarities: Similarities) -> [Evidence] {
        let layout = similarities.layout
        let competitors = layout.categories.map(\.positive.column) + (layout.neutral.map { [$0.column] } ?? [])
        return similarities.evidence { row in
            var largest = -Float.infinity
            for column in competitors { largest = max(largest, row.values[column]) }
            var sum: Float = 0
            for column in competitors { sum += exp(scale * (row.values[column] - largest)) }
            return (largest: largest, sum: sum)
        } make: { row, shared, category in
            let positive = row[category.positive]
            let negative = category.negative.map { row[$0] }
            let sum = shared.sum + (negative.map { exp(scale * ($0 - shared.largest)) } ?? 0)
            return Evidence(
                score: exp(scale * (positive - shared.largest)) / sum,
                positive: positive,
                negative: negative
            )
        }
    }
}
