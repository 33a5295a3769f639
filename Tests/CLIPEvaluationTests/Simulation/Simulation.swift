import CLIPCore
import CLIPEvaluation

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Labels of images whose distribution is known, evaluated and calibrated again and again.
///
/// The quick tests and `make simulate` count with these; only the numbers of runs differ.
enum Simulation {
    /// In how many runs something was so, and the sums of what was measured.
    struct Tally {
        var runs = 0
        var held = [0, 0, 0, 0, 0]
        var sums = [0.0, 0.0, 0.0, 0.0, 0.0]

        /// Shares of the runs, in percent.
        var percentages: [Double] { held.map { 100 * Double($0) / Double(max(runs, 1)) } }
        var means: [Double] { sums.map { $0 / Double(max(runs, 1)) } }

        static func + (one: Tally, other: Tally) -> Tally {
            Tally(
                runs: one.runs + other.runs,
                held: zip(one.held, other.held).map(+),
                sums: zip(one.sums, other.sums).map(+)
            )
        }
    }

    /// The results of runs with a generator of their own each, in order, several at a time.
    static func results<Result: Sendable>(
        _ runs: Int,
        seed: UInt64 = 0,
        _ run: @escaping @Sendable (_ generator: inout SeededGenerator) async throws -> Result
    ) async throws -> [Result] {
        try await withThrowingTaskGroup(of: [(number: Int, result: Result)].self) { group in
            let workers = ProcessorCount.current
            for worker in 0..<workers {
                group.addTask { @concurrent in
                    var results = [(number: Int, result: Result)]()
                    for number in stride(from: worker, to: runs, by: workers) {
                        var generator = SeededGenerator(seed: seed &+ UInt64(number) &* 0x9E37_79B9)
                        results.append((number, try await run(&generator)))
                    }
                    return results
                }
            }
            return try await group.reduce(into: []) { $0 += $1 }.sorted { $0.number < $1.number }.map(\.result)
        }
    }

    /// The sum of what runs tell.
    static func tally(
        _ runs: Int,
        seed: UInt64 = 0,
        _ run: @escaping @Sendable (_ generator: inout SeededGenerator, _ tally: inout Tally) async throws -> Void
    ) async throws -> Tally {
        try await results(runs, seed: seed) { generator in
            var tally = Tally()
            try await run(&generator, &tally)
            return tally
        }.reduce(Tally()) { $0 + $1 }
    }

    /// How many collections to simulate for a row: what OPENCLIP_SIMULATED_COLLECTIONS says, or as many as take minutes.
    static let collections = wantedCollections ?? 30
    /// How many collections to simulate for a row of the main table, the coverage of `sample` and `evaluate`.
    static let mainCollections = wantedCollections ?? 1000
    private static let wantedCollections = getenv("OPENCLIP_SIMULATED_COLLECTIONS").flatMap {
        Int(String(cString: $0))
    }

    /// How often the intervals of `evaluate` hold the values of all images: precision, recall, F1 and prevalence; and how
    /// often that of F1 holds the value of another sample of the same size.
    static func evaluation(images: Int, prior: Double, threshold: Float, runs: Int) async throws -> Tally {
        let process = ScoreProcess(priors: [prior], separation: 2.5)
        let truth = process.figures(threshold: threshold) + [prior]
        return try await tally(runs) { generator, tally in
            let sample = process.images(images, generator: &generator)
            guard sample.truth.contains(true), sample.truth.contains(false) else { return }
            let (images, decisions) = labelled(
                scores: [sample.evidence.map(\.score)],
                truth: [sample.truth],
                threshold: threshold
            )
            let evaluation = Evaluation(images, decisions: decisions, bootstrap: BootstrapOptions(resamples: 50))
            let category = evaluation.categories[0]
            let another = process.images(images.count, generator: &generator).figures(threshold: threshold)
            if category.metrics?.f1.interval?.contains(another.f1) == true { tally.held[4] += 1 }
            let estimates = [
                category.metrics?.precision, category.metrics?.recall, category.metrics?.f1, category.prevalence,
            ]
            tally.runs += 1
            for (index, estimate) in estimates.enumerated() {
                guard let interval = estimate?.interval else { continue }
                if interval.contains(truth[index]) { tally.held[index] += 1 }
                tally.sums[index] += interval.upperBound - interval.lowerBound
            }
        }
    }

    /// How often the intervals of `calibrate` hold precision, recall and F1 of its threshold, and the best threshold; and how
    /// often that of recall holds the recall of a threshold fitted to another sample.
    ///
    /// The sums are by how much the estimates differ from the truth, and the true value of what the target asks for.
    static func calibration(
        _ target: CalibrationTarget,
        images: Int,
        prior: Double,
        runs: Int,
        resamples: Int = 100
    ) async throws -> Tally {
        let process = ScoreProcess(priors: [prior], separation: 2.5)
        let best = process.optimum(target, category: 0).threshold
        return try await tally(runs) { generator, tally in
            let sample = process.images(images, generator: &generator)
            let positives = sample.truth.count { $0 == true }
            guard min(positives, sample.imageCount - positives) >= 10 else { return }
            guard let result = try? await sample.calibrate(target, resamples: resamples) else { return }
            let category = result.categories[0]
            let truth = process.figures(threshold: category.threshold)
            tally.runs += 1
            for (index, estimate) in [category.precision, category.recall, category.f1].enumerated() {
                guard let estimate else { continue }
                if estimate.interval?.contains(truth[index]) == true { tally.held[index] += 1 }
                tally.sums[index] += estimate.value - truth[index]
            }
            let another = try? await process.images(images, generator: &generator).calibrate(target)
            if let another, let recall = category.recall?.interval {
                if recall.contains(process.figures(threshold: another.categories[0].threshold)[1]) {
                    tally.held[4] += 1
                }
            }
            if category.thresholdInterval?.contains(best) == true { tally.held[3] += 1 }
            switch target {
            case .precision: tally.sums[3] += truth[0]
            case .recall: tally.sums[3] += truth[1]
            case .f1, .quantile: tally.sums[3] += truth[2]
            }
        }
    }

    /// How often a promised threshold exists, and how often it breaks the promise.
    ///
    /// The first sum is that of recall for a promise of precision, and of precision for one of recall. With `isDrawn`,
    /// images are drawn in strata.
    static func promise(
        _ target: CalibrationTarget,
        confidence: Double,
        images: Int,
        prior: Double,
        separation: Double = 2.5,
        isDrawn: Bool,
        runs: Int
    ) async throws -> Tally {
        let process = ScoreProcess(priors: [prior], separation: separation)
        return try await tally(runs) { generator, tally in
            let sample =
                isDrawn
                ? stratified(process, images: images, generator: &generator)
                : process.images(images, generator: &generator)
            tally.runs += 1
            guard let result = try? await sample.calibrate(target, confidence: confidence) else { return }
            let truth = process.figures(threshold: result.categories[0].threshold)
            tally.held[0] += 1
            switch target {
            case .precision(let goal):
                if truth[0] < goal { tally.held[1] += 1 }
                tally.sums[0] += truth[1]
            case .recall(let goal):
                if truth[1] < goal { tally.held[1] += 1 }
                tally.sums[0] += truth[0]
            case .f1, .quantile: break
            }
        }
    }

    /// Draws images by score from a collection that is ten times as large.
    ///
    /// A third of them come from its highest tenth, a third from the next three tenths, and the rest from the others.
    static func stratified(_ process: ScoreProcess, images: Int, generator: inout SeededGenerator) -> LabelledScores {
        let collection = process.images(10 * images, generator: &generator)
        let rows = collection.truth.indices.sorted { collection.evidence[$0].score > collection.evidence[$1].score }
        let edges = [0, rows.count / 10, rows.count * 4 / 10, rows.count]
        var (evidence, truth, probabilities) = ([Evidence](), [Bool?](), [Double?]())
        for stratum in 0..<3 {
            let members = generator.shuffled(Array(rows[edges[stratum]..<edges[stratum + 1]]))
            let drawn = images / 3
            for row in members.prefix(drawn) {
                evidence.append(collection.evidence[row])
                truth.append(collection.truth[row])
                probabilities.append(Double(drawn) / Double(members.count))
            }
        }
        var sample = LabelledScores(categoryCount: 1, evidence: evidence, truth: truth)
        sample.probabilities = probabilities
        return sample
    }
}
