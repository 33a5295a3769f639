import CLIPCore
import CLIPEvaluation
import TestSupport
import Testing

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Prints what Docs/Evaluation.md states about the intervals of samples, and writes it to the file that
/// OPENCLIP_SIMULATION_CSV names: `make simulate`.
@Suite(.serialized, .enabled(if: getenv("OPENCLIP_SIMULATE") != nil)) struct SamplingSimulations {
    private static let totals = [50, 100, 200, 400]

    /// Sums over collections, for a number of labels and a measure.
    private struct Sums {
        var runs = 0.0
        var covered = 0.0
        var width = 0.0
        var oracle = 0.0
        var random = 0.0
        var squaredError = 0.0

        mutating func add(_ outcome: SampledRun.Outcome) {
            runs += 1
            covered += outcome.isCovered ? 1 : 0
            width += outcome.width
            oracle += outcome.oracleWidth
            random += outcome.randomWidth
            squaredError += outcome.error * outcome.error
        }

        var coverage: Double { 100 * covered / runs }
    }

    private static func configurations() -> [(SampledShape, Double)] {
        SampledShape.allCases.flatMap { shape in
            (shape.isTuned && shape != .ties ? [0.1, 0.01, 0.001] : [0.01]).map { (shape, $0) }
        }
    }

    @Test func samples() async throws {
        let runs = Simulation.mainCollections
        print(
            "\nsample, \(runs) collections | labels | coverage of precision, recall, F1, prevalence | half-width of F1 | over the oracle's | random labels for the same width of F1, times as many"
        )
        var csv = "measure,shape,prevalence,labels,collections,coverage,width,oracle,random,rmse\n"
        for (shape, prevalence) in Self.configurations() {
            let sums = try await Self.sums(shape, prevalence, for: .f1, runs: runs)
            for (index, total) in Self.totals.enumerated() {
                print(Self.row(shape, prevalence, total, sums[index]))
                for (measure, sum) in zip(SampledMeasure.allCases, sums[index]) {
                    let means = [sum.covered, sum.width, sum.oracle, sum.random].map { $0 / sum.runs }
                    let rmse = (sum.squaredError / sum.runs).squareRoot()
                    csv +=
                        "\(measure.rawValue),\"\(shape.rawValue)\",\(prevalence),\(total),\(runs),"
                        + (means + [rmse]).map { DecimalText.fixed($0, digits: 6) }.joined(separator: ",") + "\n"
                }
            }
        }
        if let path = getenv("OPENCLIP_SIMULATION_CSV") {
            let file = try OutputFile(path: String(cString: path))
            try file.write(csv)
            try file.close()
        }
    }

    @Test func precision() async throws {
        let runs = Simulation.collections
        print(
            "\nsample --measure precision, 200 labels, \(runs) collections | coverage of precision | mean half-width in percentage points | 95 in 100 are below"
        )
        for shape in [SampledShape.normal35, .normal25, .heavy, .bimodal, .skewed] {
            for prevalence in [0.1, 0.01, 0.001] {
                let outcomes = try await Self.outcomes(
                    shape,
                    prevalence,
                    for: .precision,
                    totals: [50, 200],
                    runs: runs
                )
                .map { $0[1][0] }
                let halfWidths = outcomes.map { 50 * $0.width }.sorted()
                let numbers = [
                    100 * Double(outcomes.count { $0.isCovered }) / Double(runs),
                    halfWidths.reduce(0, +) / Double(runs), halfWidths[runs * 95 / 100],
                ]
                let columns = numbers.map { DecimalText.fixed($0, digits: 1) }.joined(separator: " | ")
                print("| \(shape.rawValue), \(prevalence) | \(columns) |")
            }
        }
    }

    /// A real collection, whose table OPENCLIP_SIMULATION_SCORES names, sampled again and again.
    @Test(.enabled(if: getenv("OPENCLIP_SIMULATION_SCORES") != nil)) func collection() async throws {
        guard let path = getenv("OPENCLIP_SIMULATION_SCORES") else { return }
        let runs = Simulation.collections
        print(
            "\nsample, a real collection, \(runs) times | labels | coverage of precision, recall, F1, prevalence | half-width of F1"
        )
        for (name, images) in try RankedTable(path: String(cString: path)).categories {
            let collection = SimulatedCollection(images)
            let outcomes = try await Simulation.results(runs) { generator in
                try SampledRun(collection, seed: generator.next()).outcomes(Self.totals)
            }
            for (total, sums) in zip(Self.totals, Self.sums(outcomes)) {
                let numbers = sums.map(\.coverage) + [50 * sums[2].width / sums[2].runs]
                let columns = numbers.map { DecimalText.fixed($0, digits: 1) }.joined(separator: " | ")
                print("| \(name) | \(total) | \(columns) |")
            }
        }
    }

    private static func sums(
        _ shape: SampledShape,
        _ prevalence: Double,
        for measure: SampledMeasure,
        runs: Int
    ) async throws -> [[Sums]] {
        sums(try await outcomes(shape, prevalence, for: measure, totals: totals, runs: runs))
    }

    private static func sums(_ runs: [[[SampledRun.Outcome]]]) -> [[Sums]] {
        var sums = totals.map { _ in SampledMeasure.allCases.map { _ in Sums() } }
        for run in runs {
            for (round, outcomes) in run.enumerated() {
                for (measure, outcome) in outcomes.enumerated() { sums[round][measure].add(outcome) }
            }
        }
        return sums
    }

    /// What came out in each collection, after each round, for each measure.
    private static func outcomes(
        _ shape: SampledShape,
        _ prevalence: Double,
        for measure: SampledMeasure,
        totals: [Int],
        runs: Int
    ) async throws -> [[[SampledRun.Outcome]]] {
        let threshold = shape.threshold(prevalence)
        return try await Simulation.results(runs) { generator in
            let collection = shape.collection(prevalence, threshold: threshold, &generator)
            return try SampledRun(collection, for: measure, seed: generator.next()).outcomes(totals)
        }
    }

    private static func row(_ shape: SampledShape, _ prevalence: Double, _ labels: Int, _ sums: [Sums]) -> String {
        func text(_ values: [Double], _ digits: Int) -> String {
            values.map { DecimalText.fixed($0, digits: digits) }.joined(separator: " | ")
        }
        let f1 = sums[2]
        let saved = f1.random / f1.width * (f1.random / f1.width)
        let coverage = text(sums.map(\.coverage), 1)
        let ratio = text([f1.width / f1.oracle], 2)
        let halfWidth = text([f1.width / f1.runs / 2], 3)
        return "| \(shape.rawValue), \(prevalence) | \(labels) | \(coverage) | \(halfWidth) | \(ratio) | "
            + "\(text([saved], 0)) |"
    }
}
