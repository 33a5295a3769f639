import CLIPCore
import CLIPEvaluation

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// How the scores of a category's positive and negative images are distributed.
enum SampledShape: String, CaseIterable {
    case normal35 = "normal, 3.5 apart"
    case normal25 = "normal, 2.5 apart"
    case heavy = "heavy tails"
    case bimodal = "two kinds of negatives"
    case skewed = "skewed"
    case ties = "many ties"
    // The model's constants were chosen with those above; the others only check them.
    case wide = "wide positives"
    case mixed = "two kinds of positives"
    case lowThreshold = "threshold too low"

    /// Whether the model's constants were chosen with this shape.
    var isTuned: Bool { ![.wide, .mixed, .lowThreshold].contains(self) }

    /// The score of a positive image.
    func positive(_ generator: inout SeededGenerator) -> Double {
        switch self {
        case .normal35: 3.5 + generator.normal()
        case .normal25: 2.5 + generator.normal()
        case .heavy: 4 + generator.student4()
        case .bimodal: 3.5 + 0.8 * generator.normal()
        // A gamma distribution of shape 2: the sum of two exponential numbers.
        case .skewed: 4.5 + 0.9 * log(generator.unit() * generator.unit())
        case .ties: ((3 + generator.normal()) * 2).rounded() / 2
        case .wide: 3 + 1.6 * generator.normal()
        case .mixed: generator.unit() < 0.3 ? 1.5 + generator.normal() : 4 + 0.8 * generator.normal()
        case .lowThreshold: 3 + generator.normal()
        }
    }

    /// The score of a negative image.
    func negative(_ prevalence: Double, _ generator: inout SeededGenerator) -> Double {
        switch self {
        case .heavy: generator.student4()
        case .bimodal:
            generator.unit() < 3 * prevalence ? 2.7 + 0.5 * generator.normal() : generator.normal()
        // A Gumbel distribution.
        case .skewed: -0.7 * log(-log(generator.unit()))
        case .ties: (generator.normal() * 2).rounded() / 2
        default: generator.normal()
        }
    }

    /// Images in random order, with their scores.
    func images(
        _ prevalence: Double,
        count: Int,
        _ generator: inout SeededGenerator
    ) -> [(score: Float, isPositive: Bool)] {
        (0..<count).map { _ in
            let isPositive = generator.unit() < prevalence
            return (Float(isPositive ? positive(&generator) : negative(prevalence, &generator)), isPositive)
        }
    }

    /// A collection of 20,000 images, or of 100,000 if positive ones are rare.
    func collection(
        _ prevalence: Double,
        threshold: Float,
        _ generator: inout SeededGenerator
    ) -> SimulatedCollection {
        let count = prevalence < 0.005 ? 100_000 : 20_000
        return SimulatedCollection(images(prevalence, count: count, &generator), threshold: threshold)
    }

    /// The threshold with the largest F1 in a large collection, or one that is too low by 0.8.
    func threshold(_ prevalence: Double) -> Float {
        var generator = SeededGenerator(seed: 1)
        let images = images(prevalence, count: 400_000, &generator)
        return SimulatedCollection.bestThreshold(images) - (self == .lowThreshold ? 0.8 : 0)
    }
}

extension SeededGenerator {
    /// A standard normal number.
    mutating func normal() -> Double { normals().0 }

    /// A number with Student's distribution with 4 degrees of freedom.
    mutating func student4() -> Double {
        // Half of a chi-squared number with 4 degrees of freedom is a gamma number of shape 2.
        normal() / (-log(unit() * unit()) / 2).squareRoot()
    }
}
