package import CLIPCore
internal import Synchronization

/// The load of each stage of a run.
package struct StageLoad: Sendable, Hashable {
    private let shares: [RunStage: Double]

    /// Creates a record from fractions, 0…1.
    package init(_ shares: [RunStage: Double] = [:]) {
        self.shares = shares
    }

    /// The stages that take time, in processing order.
    package static let stages: [RunStage] = [.read, .decode, .preprocess, .encode, .write]

    /// The fraction of the time that a stage was busy, 0…1, averaged over its workers.
    ///
    /// Decoding and preprocessing share their workers, so their sum is at most 1.
    package func share(of stage: RunStage) -> Double {
        shares[stage] ?? 0
    }

    /// The stage that limits the speed, or `nil` if every stage was busy less than 1 % of the time.
    package var bottleneck: RunStage? {
        let preparing = share(of: .decode) + share(of: .preprocess)
        let heavier: RunStage = share(of: .decode) >= share(of: .preprocess) ? .decode : .preprocess
        var busiest: (stage: RunStage, share: Double) = (heavier, preparing)
        for stage in [RunStage.read, .encode, .write] where share(of: stage) > busiest.share {
            busiest = (stage, share(of: stage))
        }
        return busiest.share >= 0.01 ? busiest.stage : nil
    }
}

/// Measures how long each stage of a run was busy.
final class StageClock: Sendable {
    private let clock = ContinuousClock()
    private let start: ContinuousClock.Instant
    private let busy = Mutex([RunStage: Duration]())
    private let finding = Mutex(Duration.zero)
    private let workers: [RunStage: Int]

    /// Starts the clock.
    ///
    /// - Parameter workers: The number of workers of each stage that has more than one.
    init(workers: [RunStage: Int]) {
        self.workers = workers
        start = clock.now
    }

    /// Time since the start.
    var elapsed: Duration { clock.now - start }

    /// Calls `body` and adds its duration to `stage`.
    func measure<Value>(_ stage: RunStage, _ body: () async throws -> Value) async rethrows -> Value {
        let begin = clock.now
        defer { add(clock.now - begin, to: stage) }
        return try await body()
    }

    /// Calls `body` and adds its duration to the time spent finding images, which one task does.
    func measureFinding<Value>(_ body: () async throws -> Value) async rethrows -> Value {
        let begin = clock.now
        defer { finding.withLock { $0 += clock.now - begin } }
        return try await body()
    }

    /// Calls `body`, which does not suspend, and adds its duration to `stage`.
    func measure<Value>(_ stage: RunStage, _ body: () throws -> Value) rethrows -> Value {
        let begin = clock.now
        defer { add(clock.now - begin, to: stage) }
        return try body()
    }

    /// The loads so far.
    var load: StageLoad {
        let elapsed = max(elapsed / .seconds(1), .leastNonzeroMagnitude)
        let busy = busy.withLock(\.self)
        var shares = Dictionary(
            uniqueKeysWithValues: busy.map { ($0, min($1 / .seconds(1) / (elapsed * Double(workers[$0] ?? 1)), 1)) }
        )
        // If finding images is slow, the readers have little to do although everything waits for the disk.
        shares[.read] = max(shares[.read] ?? 0, min(finding.withLock(\.self) / .seconds(1) / elapsed, 1))
        return StageLoad(shares)
    }

    private func add(_ duration: Duration, to stage: RunStage) {
        busy.withLock { $0[stage, default: .zero] += duration }
    }
}
