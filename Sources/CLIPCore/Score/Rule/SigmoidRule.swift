#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// The probability that a category applies, independent of the others, for models trained with a sigmoid loss.
///
/// `score = 1 / (1 + exp(−(s·image·positive + b)))`, 0…1, with the model's logit scale s and bias b: the pairwise
/// probability of SigLIP (Zhai et al., 2023). Negatives lower it: with negatives the logit is
/// `s·(image·positive − image·negative)`, in which the bias cancels out. The neutral test of `contrast` applies.
package struct SigmoidRule: CategoryFileRule {
    /// The factor that converts cosines to logits; positive.
    package let scale: Float
    /// The bias added to a logit.
    package let bias: Float

    /// Creates the rule.
    ///
    /// - Parameters:
    ///   - scale: The model's logit scale, already exponentiated.
    ///   - bias: The model's logit bias.
    /// - Throws: ``CLIPError`` with code `invalidModel` unless `scale` is positive and both are finite as 32-bit
    ///   floats.
    package init(scale: Double, bias: Double) throws {
        self.scale = Float(scale)
        self.bias = Float(bias)
        guard self.scale.isFinite, self.scale > 0, self.bias.isFinite else {
            throw CLIPError(
                .invalidModel,
                "A logit scale must be a positive number and a bias a number, not \(scale) and \(bias)."
            )
        }
    }

    /// `sigmoid` with its scale and bias.
    package var identifier: String { Self.identifier("sigmoid", "scale \(scale)", "bias \(bias)") }

    /// Scores a block of images against all categories.
    package func score(_ similarities: Similarities) -> [Evidence] {
        similarities.evidence { row, category in
            let positive = row[category.positive]
            let negative = category.negative.map { row[$0] }
            let logit = negative.map { scale * (positive - $0) } ?? (scale * positive + bias)
            return Evidence(
                score: 1 / (1 + exp(-logit)),
                positive: positive,
                negative: negative,
                neutral: category.neutral.map { row[$0] }
            )
        }
    }
}
