import CLIPCore
import CLIPEvaluation
import TestSupport
import Testing

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Prints what Docs/Evaluation.md states about samples, and writes it to the file that OPENCLIP_SIMULATION_CSV names:
/// `make simulate`.
@Suite(.serialized, .enabled(if: getenv("OPENCLIP_SIMULATE") != nil)) struct SamplingSimulations {
    private static let totals = [50, 100, 200, 400]

    /// Sums over collections, for each number of labels and measure.
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

        static func + (one: Sums, other: Sums) -> Sums {
            var sum = one
            sum.runs += other.runs
            sum.covered += other.covered
            sum.width += other.width
            sum.oracle += other.oracle
            sum.random += other.random
            sum.squaredError += other.squaredError
            return sum
        }
    }

    private static func configurations() -> [(SampledShape, Double)] {
        SampledShape.allCases.flatMap { shape in
            (shape.isTuned && shape != .ties ? [0.1, 0.01, 0.001] : [0.01]).map { (shape, $0) }
        }
    }

    @Test func samples() async throws {
        let runs = getenv("OPENCLIP_SIMULATED_COLLECTIONS").flatMap { Int(String(cString: $0)) } ?? 1000
        print(
            "\nsample, \(runs) collections | labels | coverage of precision, recall, F1, prevalence | half-width of F1 | over the oracle's | random labels for the same width of F1, times as many"
        )
        var csv = "measure,shape,prevalence,labels,collections,coverage,width,oracle,random,rmse\n"
        for (shape, prevalence) in Self.configurations() {
            let sums = await Self.sums(shape, prevalence, for: .f1, runs: runs)
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
        let runs = getenv("OPENCLIP_SIMULATED_COLLECTIONS").flatMap { Int(String(cString: $0)) } ?? 1000
        print("\nsample --measure precision, 200 labels | coverage of precision | half-width in percentage points")
        for shape in [SampledShape.normal25, .skewed] {
            for prevalence in [0.1, 0.01, 0.001] {
                let sum = await Self.sums(shape, prevalence, for: .precision, totals: [50, 200], runs: runs / 4)[1][0]
                let numbers = [100 * sum.covered / sum.runs, 50 * sum.width / sum.runs]
                let columns = numbers.map { DecimalText.fixed($0, digits: 1) }.joined(separator: " | ")
                print("| \(shape.rawValue), \(prevalence) | \(columns) |")
            }
        }
    }

    /// A real collection, whose table OPENCLIP_SIMULATION_SCORES names, sampled again and again.
    @Test(.enabled(if: getenv("OPENCLIP_SIMULATION_SCORES") != nil)) func collection() async throws {
        guard let path = getenv("OPENCLIP_SIMULATION_SCORES") else { return }
        print("\nsample, a real collection | labels | coverage of precision, recall, F1, prevalence | half-width of F1")
        for category in try RankedTable(path: String(cString: path)).categories {
            let sums = await Self.sums(runs: 1000, totals: Self.totals) { seed in
                SampledRun(
                    isPositive: category.isPositive,
                    matches: category.matches,
                    generator: SeededGenerator(seed: seed)
                ).outcomes(Self.totals, for: .f1)
            }
            for (total, sums) in zip(Self.totals, sums) {
                let numbers = sums.map { 100 * $0.covered / $0.runs } + [50 * sums[2].width / sums[2].runs]
                let columns = numbers.map { DecimalText.fixed($0, digits: 1) }.joined(separator: " | ")
                print("| \(category.name) | \(total) | \(columns) |")
            }
        }
    }

    private static func sums(
        _ shape: SampledShape,
        _ prevalence: Double,
        for measure: SampledMeasure,
        totals: [Int] = totals,
        runs: Int
    ) async -> [[Sums]] {
        let threshold = shape.threshold(prevalence)
        let count = prevalence < 0.005 ? 100_000 : 20_000
        return await sums(runs: runs, totals: totals) { seed in
            SampledRun(shape, prevalence: prevalence, count: count, threshold: threshold, seed: seed)
                .outcomes(totals, for: measure)
        }
    }

    /// Sums the outcomes of runs with a seed each, several at a time.
    private static func sums(
        runs: Int,
        totals: [Int],
        _ run: @escaping @Sendable (_ seed: UInt64) -> [[SampledRun.Outcome]]
    ) async -> [[Sums]] {
        let empty = totals.map { _ in SampledMeasure.allCases.map { _ in Sums() } }
        return await withTaskGroup(of: [[Sums]].self) { group in
            let workers = 2
            for worker in 0..<workers {
                group.addTask { @concurrent in
                    var sums = empty
                    for number in stride(from: worker, to: runs, by: workers) {
                        let outcomes = run(UInt64(number) &* 0x9E37_79B9_7F4A_7C15)
                        for (index, outcomes) in outcomes.enumerated() {
                            for (position, outcome) in outcomes.enumerated() { sums[index][position].add(outcome) }
                        }
                    }
                    return sums
                }
            }
            return await group.reduce(empty) { total, part in
                zip(total, part).map { zip($0, $1).map { $0 + $1 } }
            }
        }
    }

    private static func row(_ shape: SampledShape, _ prevalence: Double, _ labels: Int, _ sums: [Sums]) -> String {
        func text(_ values: [Double], _ digits: Int) -> String {
            values.map { DecimalText.fixed($0, digits: digits) }.joined(separator: " | ")
        }
        let f1 = sums[2]
        let saved = f1.random / f1.width * (f1.random / f1.width)
        let coverage = text(sums.map { 100 * $0.covered / $0.runs }, 1)
        let ratio = text([f1.width / f1.oracle], 2)
        let halfWidth = text([f1.width / f1.runs / 2], 3)
        return "| \(shape.rawValue), \(prevalence) | \(labels) | \(coverage) | \(halfWidth) | \(ratio) | "
            + "\(text([saved], 0)) |"
    }
}
