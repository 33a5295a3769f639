import CLIPCore
import CLIPEvaluation
import TestSupport
import Testing

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Prints what Docs/Evaluation.md and Docs/Calibration.md state about the uses of labels that the sampler drew, in rounds:
/// `make simulate`.
@Suite(.serialized, .enabled(if: getenv("OPENCLIP_SIMULATE") != nil)) struct DrawnLabelSimulations {
    private static let totals = [50, 100, 200, 400]

    private func row(_ name: String, _ numbers: [Double], digits: Int = 1) {
        let columns = numbers.map { DecimalText.fixed($0, digits: digits) }.joined(separator: " | ")
        print("| \(name) | \(columns) |")
    }

    @Test func averagePrecision() async throws {
        let runs = Simulation.collections
        print(
            "\nAP of drawn labels, percent of \(runs) collections | coverage | half-width | error | error of the weighted ratio, in percentage points"
        )
        for (shape, prevalence) in DrawnCalibration.configurations {
            let tallies = try await tallies(shape, prevalence, runs: runs) { run, labels, tally in
                let drawn = run.drawn(labels)
                guard let weighted = run.scored(labels).averagePrecision,
                    let estimate = run.collection.scores.averagePrecision(category: 0, labels: drawn, seed: 0),
                    let interval = estimate.interval
                else { return }
                let truth = run.collection.averagePrecision
                tally.runs += 1
                if estimate.covers(truth) { tally.held[0] += 1 }
                tally.sums[0] += (interval.upperBound - interval.lowerBound) / 2
                tally.sums[1] += abs(estimate.value - truth)
                tally.sums[2] += abs(weighted.value - truth)
            }
            for (total, tally) in tallies {
                row(
                    "\(shape.rawValue), \(prevalence), \(total) labels",
                    [tally.percentages[0]] + tally.means[..<3].map { 100 * $0 }
                )
            }
        }
    }

    @Test func promises() async throws {
        let runs = Simulation.collections
        print(
            "\ncalibrate --confidence 0.95 of drawn labels, percent of \(runs) collections | with a threshold | with a broken promise | mean of the other metric"
        )
        for target in [CalibrationTarget.precision(0.8), .precision(0.9), .recall(0.8), .recall(0.9)] {
            for (shape, prevalence) in [
                (SampledShape.normal25, 0.1), (.normal25, 0.01), (.normal35, 0.1), (.normal35, 0.01),
            ] {
                let tallies = try await tallies(shape, prevalence, runs: runs) { run, labels, tally in
                    tally.runs += 1
                    guard let result = try? await run.scored(labels).calibrate(target, confidence: 0.95) else { return }
                    let truth = run.collection.figures(threshold: result.categories[0].threshold)
                    tally.held[0] += 1
                    guard let (goal, index) = target.goal else { return }
                    if truth[index] < goal { tally.held[1] += 1 }
                    tally.sums[0] += truth[1 - index]
                }
                for (total, tally) in tallies {
                    let mean = 100 * tally.sums[0] / Double(max(tally.held[0], 1))
                    row(
                        "\(target.text), \(shape.rawValue), \(prevalence), \(total) labels",
                        Array(tally.percentages[..<2]) + [mean]
                    )
                }
            }
        }
    }

    /// Labels that were drawn for a category file whose descriptions were then changed.
    @Test func changedFile() async throws {
        let runs = Simulation.collections
        print(
            "\nlabels of another category file, \(runs) collections | coverage of precision, recall, F1, prevalence | half-width of F1"
        )
        for prevalence in [0.1, 0.01] {
            let thresholds = [SampledShape.normal25, .normal35].map { $0.threshold(prevalence) }
            for kept in [0.9, 0.6] {
                let results = try await Simulation.results(runs) { generator in
                    let (old, new) = SimulatedCollection.beforeAndAfter(
                        prevalence,
                        kept: kept,
                        thresholds: thresholds,
                        &generator
                    )
                    let seed = generator.next()
                    let labels = try SampledRun(old, seed: seed).rounds([50, 100, 200])[2].labels
                    let run = SampledRun(new, seed: seed)
                    let estimates = [
                        try run.rounds([200], earlier: labels)[0].estimate,
                        try run.rounds([300], earlier: labels)[0].estimate,
                        try run.rounds([50, 100, 200])[2].estimate,
                    ]
                    return estimates.map { estimate in
                        (
                            covered: SampledMeasure.allCases.map { estimate[$0].covers(new.truth($0).value) },
                            width: estimate.f1.interval.map { $0.upperBound - $0.lowerBound } ?? 1
                        )
                    }
                }
                for (index, name) in ["200 of the old file", "and 100 of the new", "200 of the new file"].enumerated() {
                    let coverages = SampledMeasure.allCases.indices.map { measure in
                        100 * Double(results.count { $0[index].covered[measure] }) / Double(runs)
                    }
                    let width = results.reduce(0) { $0 + $1[index].width } / Double(runs)
                    row("\(kept) of the noise kept, \(prevalence), \(name)", coverages + [50 * width])
                }
            }
        }
    }

    /// What collections tell with 200 and with 400 labels.
    private func tallies(
        _ shape: SampledShape,
        _ prevalence: Double,
        runs: Int,
        _ body: @escaping @Sendable (SampledRun, ImageLabels, inout Simulation.Tally) async throws -> Void
    ) async throws -> [(labels: Int, tally: Simulation.Tally)] {
        let threshold = shape.threshold(prevalence)
        let results = try await Simulation.results(runs) { generator in
            let collection = shape.collection(prevalence, threshold: threshold, &generator)
            let run = SampledRun(collection, seed: generator.next())
            var tallies = [Simulation.Tally]()
            for round in try run.rounds(Self.totals).suffix(2) {
                var tally = Simulation.Tally()
                try await body(run, round.labels, &tally)
                tallies.append(tally)
            }
            return tallies
        }
        return zip(Self.totals.suffix(2), 0...).map { total, index in
            (total, results.reduce(Simulation.Tally()) { $0 + $1[index] })
        }
    }
}

extension CalibrationTarget {
    /// The wanted precision (index 0) or recall (index 1).
    fileprivate var goal: (value: Double, index: Int)? {
        switch self {
        case .precision(let goal): (goal, 0)
        case .recall(let goal): (goal, 1)
        case .f1, .quantile: nil
        }
    }
}
