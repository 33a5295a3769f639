#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// The probability of a category according to a logistic regression on labelled images.
///
/// `score = 1 / (1 + exp(−(s·image·direction + b)))`, 0…1, with scale s, direction and bias b of the category's
/// ``LinearProbe``. `positive` in the evidence is `image·direction`. There is no neutral test.
package struct LinearProbeRule: CategoryFileRule {
    private let probes: [LinearProbe?]

    /// Creates the rule.
    ///
    /// - Parameter probes: The regression of each category of the file (``PromptBank/probes``); `nil` for categories
    ///   that use another rule.
    package init(_ probes: [LinearProbe?]) {
        self.probes = probes
    }

    /// `linear-probe`, without the training data.
    package var identifier: String { Self.identifier("linear-probe") }

    /// Scores a block of images against all categories.
    ///
    /// - Precondition: Every category of the block has a regression.
    package func score(_ similarities: Similarities) -> [Evidence] {
        similarities.evidence { row, category in
            guard let probe = probes[category.index] else { preconditionFailure("\(category.name) has no regression") }
            let positive = row[category.positive]
            return Evidence(score: 1 / (1 + exp(-(probe.scale * positive + probe.bias))), positive: positive)
        }
    }
}

/// A logistic regression on embeddings: `probability = 1 / (1 + exp(−(scale·image·direction + bias)))`.
///
/// Weights w and bias b minimise `Σᵢ log(1 + exp(−yᵢ(w·xᵢ + b))) + λ/2·‖w‖²` with yᵢ = ±1; the bias is not penalised.
/// This is the linear probe of Radford et al. (2021), equivalent to scikit-learn's `LogisticRegression` with `C = 1/λ`.
package struct LinearProbe: Sendable, Hashable {
    /// The unit vector w/‖w‖.
    package let direction: [Float]
    /// The length ‖w‖.
    package let scale: Float
    /// The bias b.
    package let bias: Float
}
