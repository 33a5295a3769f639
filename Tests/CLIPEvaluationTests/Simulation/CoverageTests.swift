import CLIPEvaluation
import Testing

/// Intervals hold what they promise, in few runs; `make simulate` counts in many.
///
/// Allowed are three binomial standard errors: 0.95 of 400 runs scatter by 3.3 percentage points, of 200 by 4.6.
@Suite struct CoverageTests {
    @Test(arguments: [(60, 0.3), (200, 0.1)])
    func intervalsOfMetricsHoldThoseOfAllImages(images: Int, prior: Double) async throws {
        let tally = try await Simulation.evaluation(images: images, prior: prior, threshold: 0.06, runs: 400)
        for percentage in tally.percentages[..<4] { #expect(percentage > 91.5, "\(tally.percentages)") }
        // Intervals that hold everything say nothing.
        for width in tally.means[..<4] { #expect(width < 0.5, "\(tally.means)") }
    }

    @Test(arguments: [CalibrationTarget.f1, .precision(0.8), .recall(0.9)])
    func intervalsOfCalibratedMetricsHoldThoseOfTheFittedThreshold(_ target: CalibrationTarget) async throws {
        let tally = try await Simulation.calibration(target, images: 200, prior: 0.3, runs: 200, resamples: 50)
        for percentage in tally.percentages[..<3] { #expect(percentage > 89, "\(tally.percentages)") }
        for bias in tally.means[..<3] { #expect(abs(bias) < 0.015, "\(tally.means)") }
    }

    /// At most 5 in 100 promises are broken; a threshold is found in most runs.
    @Test(arguments: [CalibrationTarget.precision(0.8), .recall(0.8)], [false, true])
    func promisesAreKept(_ target: CalibrationTarget, isDrawn: Bool) async throws {
        let tally = try await Simulation.promise(
            target,
            confidence: 0.95,
            images: 240,
            prior: 0.3,
            isDrawn: isDrawn,
            runs: 300
        )
        #expect(tally.percentages[0] > 80, "\(tally)")
        #expect(tally.percentages[1] < 5 + 3.8, "\(tally)")
    }
}
