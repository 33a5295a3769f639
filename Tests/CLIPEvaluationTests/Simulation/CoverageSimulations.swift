import CLIPCore
import CLIPEvaluation
import CLIPTesting
import TestSupport
import Testing

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Prints the numbers that Docs/Evaluation.md and Docs/Calibration.md state: `make simulate`.
@Suite(.serialized, .enabled(if: getenv("OPENCLIP_SIMULATE") != nil)) struct CoverageSimulations {
    private func row(_ name: String, _ numbers: [Double], digits: Int = 1) {
        let columns = numbers.map { DecimalText.fixed($0, digits: digits) }.joined(separator: " | ")
        print("| \(name) | \(columns) |")
    }

    @Test func evaluation() async throws {
        print("\nevaluate, coverage in percent | precision | recall | F1 | prevalence | F1 of another sample")
        for (images, prior) in [(60, 0.3), (200, 0.1), (200, 0.3), (1000, 0.1)] {
            let tally = try await Simulation.evaluation(images: images, prior: prior, threshold: 0.06, runs: 4000)
            row("\(images) labels, \(prior) positive", tally.percentages)
        }
    }

    @Test func calibration() async throws {
        print(
            "\ncalibrate, coverage in percent | precision | recall | F1 | best threshold | recall of another sample's threshold; then bias in percentage points of precision, recall, F1; then the target's true mean"
        )
        for (images, prior) in [(100, 0.15), (300, 0.3), (1000, 0.3)] {
            for target in [CalibrationTarget.f1, .precision(0.8), .precision(0.9), .recall(0.9)] {
                let tally = try await Simulation.calibration(
                    target,
                    images: images,
                    prior: prior,
                    runs: 400
                )
                row(
                    "\(target.text), \(images) labels, \(prior) positive (\(tally.runs) runs)",
                    tally.percentages + tally.means[..<4].map { 100 * $0 }
                )
            }
        }
    }

    @Test func ablation() async throws {
        print("\nablate, clear effects where there is none, in percent | F1 | AP")
        for (positives, negatives) in [(5, 45), (7, 43), (10, 40), (20, 60), (50, 150)] {
            let tally = try await Simulation.ablation(positives: positives, negatives: negatives, runs: 1000)
            row("\(positives) positive, \(negatives) negative", Array(tally.percentages[..<2]))
        }
    }

    @Test func learning() async throws {
        print("\nrules that learn from images: error of precision and recall, and true precision, in percentage points")
        for rule in [RuleChoice.linearProbe(), .exemplarMean] {
            for (images, folds) in [(60, 5), (60, 10), (200, 5)] {
                let target = CalibrationTarget.precision(0.7)
                let tally = try await Simulation.learning(rule, target, images: images, folds: folds, runs: 200)
                row(
                    "\(rule.name), \(target.text), \(images) labels, \(folds) folds",
                    tally.means[..<3].map { 100 * $0 }
                )
            }
        }
    }

    @Test func promises() async throws {
        print(
            "\ncalibrate --confidence 0.95, percent of runs | with a threshold | with a broken promise | mean of the other metric"
        )
        for target in [CalibrationTarget.precision(0.8), .precision(0.9), .precision(0.95), .recall(0.8), .recall(0.9)]
        {
            for images in [150, 300, 900] {
                let tally = try await Simulation.promise(
                    target,
                    confidence: 0.95,
                    images: images,
                    prior: 0.3,
                    isDrawn: false,
                    runs: 1000
                )
                let mean = 100 * tally.sums[0] / Double(max(tally.held[0], 1))
                row("\(target.text), \(images) labels", Array(tally.percentages[..<2]) + [mean])
            }
        }
    }
}
