package import CLIPCore
internal import Synchronization

/// How busy the stages of a run are.
package struct StageLoad: Sendable, Hashable {
    private let shares: [RunStage: Double]

    /// Creates a record of shares, 0…1.
    package init(_ shares: [RunStage: Double] = [:]) {
        self.shares = shares
    }

    /// The stages that take time, in the order of the work.
    package static let stages: [RunStage] = [.read, .decode, .preprocess, .encode, .write]

    /// The share of the time that a stage worked, 0…1, averaged over its workers.
    ///
    /// Decoding and preprocessing share their workers, so that the two add up to at most 1.
    package func share(of stage: RunStage) -> Double {
        shares[stage] ?? 0
    }

    /// The stage that the others wait for, or `nil` when none worked for a hundredth of the time.
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

/// Adds up how long the stages of a run worked.
final class StageClock: Sendable {
    private let clock = ContinuousClock()
    private let start: ContinuousClock.Instant
    private let busy = Mutex([RunStage: Duration]())
    private let finding = Mutex(Duration.zero)
    private let workers: [RunStage: Int]

    /// Starts now.
    ///
    /// - Parameter workers: How many work on a stage at a time, where it is not one.
    init(workers: [RunStage: Int]) {
        self.workers = workers
        start = clock.now
    }

    /// Time since the start.
    var elapsed: Duration { clock.now - start }

    /// Calls `body` and counts the time as work of `stage`.
    func measure<Value>(_ stage: RunStage, _ body: () async throws -> Value) async rethrows -> Value {
        let begin = clock.now
        defer { add(clock.now - begin, to: stage) }
        return try await body()
    }

    /// Calls `body` and counts the time as spent on finding images, which one task does.
    func measureFinding<Value>(_ body: () async throws -> Value) async rethrows -> Value {
        let begin = clock.now
        defer { finding.withLock { $0 += clock.now - begin } }
        return try await body()
    }

    /// Calls `body`, which does not wait for anything, and counts the time as work of `stage`.
    func measure<Value>(_ stage: RunStage, _ body: () throws -> Value) rethrows -> Value {
        let begin = clock.now
        defer { add(clock.now - begin, to: stage) }
        return try body()
    }

    /// The shares up to now.
    var load: StageLoad {
        let elapsed = max(elapsed / .seconds(1), .leastNonzeroMagnitude)
        let busy = busy.withLock(\.self)
        var shares = Dictionary(
            uniqueKeysWithValues: busy.map { ($0, min($1 / .seconds(1) / (elapsed * Double(workers[$0] ?? 1)), 1)) }
        )
        // Where images are found slowly, those that read them have little to do, and yet all wait for the disk.
        shares[.read] = max(shares[.read] ?? 0, min(finding.withLock(\.self) / .seconds(1) / elapsed, 1))
        return StageLoad(shares)
    }

    private func add(_ duration: Duration, to stage: RunStage) {
        busy.withLock { $0[stage, default: .zero] += duration }
    }
}
