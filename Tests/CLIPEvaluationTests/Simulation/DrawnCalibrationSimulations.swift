import CLIPCore
import CLIPEvaluation
import TestSupport
import Testing

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Prints what Docs/Calibration.md states about thresholds from labels that the sampler drew: `make simulate`.
@Suite(.serialized, .enabled(if: getenv("OPENCLIP_SIMULATE") != nil)) struct DrawnCalibrationSimulations {
    @Test func largestF1() async throws {
        print(
            "\ncalibrate --target f1 of drawn labels, \(Simulation.collections) collections | calibrated | coverage of precision, recall, F1, best threshold | error of precision, recall, F1 | F1 reached | with weighted labels | at best"
        )
        for (shape, prevalence) in DrawnCalibration.configurations {
            try await rows(DrawnCalibration(shape: shape, prevalence: prevalence, target: .f1))
        }
    }

    @Test func otherTargets() async throws {
        print(
            "\ncalibrate --target precision or recall of drawn labels, \(Simulation.collections) collections | calibrated | coverage of precision, recall, F1 | error of precision, recall, F1 | coverage of what evaluate prints"
        )
        for target in [CalibrationTarget.precision(0.8), .recall(0.8)] {
            for (shape, prevalence) in DrawnCalibration.configurations {
                try await rows(DrawnCalibration(shape: shape, prevalence: prevalence, target: target))
            }
        }
    }

    private func rows(_ calibration: DrawnCalibration) async throws {
        let outcomes = try await calibration.outcomes(runs: Simulation.collections)
        for (index, total) in DrawnCalibration.totals.enumerated() {
            let known = outcomes.compactMap { $0[index] }
            guard 2 * known.count >= Simulation.collections else { continue }
            let columns = known[0].columns.indices.map { column in
                DecimalText.fixed(100 * known.reduce(0) { $0 + $1.columns[column] } / Double(known.count), digits: 1)
            }
            print(
                "| \(calibration.target.text), \(calibration.shape.rawValue), \(100 * calibration.prevalence) % | \(total) | \(known.count) | \(columns.joined(separator: " | ")) |"
            )
        }
    }
}
