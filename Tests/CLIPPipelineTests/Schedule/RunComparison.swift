import CLIPCore
import CLIPPipeline

/// Compares a run with the sequential model.
struct RunComparison {
    /// What differs.
    private(set) var faults = [String]()
    private let run: ScheduledRun
    private let model: SequentialModel

    /// Compares.
    ///
    /// - Parameters:
    ///   - run: What happened.
    ///   - model: What happens if nothing ends the run.
    ///   - initial: The store before the run.
    ///   - final: The store after the run.
    init(_ run: ScheduledRun, _ model: SequentialModel, from initial: StoredEntries, to final: StoredEntries) {
        self.run = run
        self.model = model
        switch run.outcome {
        case .ended(let summary) where summary.isComplete: compareComplete(summary, final)
        case .ended(let summary): compareStopped(summary)
        case .failed(let error): compareError(error)
        case .left: require(run.schedule.interruption?.how == .leave, "the events ended without a summary")
        }
        compareStore(initial, final)
        compareLog()
        compareSizes()
    }

    private var schedule: Schedule { run.schedule }
    private var sightings: Sightings { run.sightings }

    private var exceedsLimit: Bool {
        guard case .count(let limit) = schedule.options.failureLimit else { return false }
        return model.rejected.count > limit
    }

    private mutating func require(_ condition: Bool, _ fault: String) {
        if !condition { faults.append(fault) }
    }

    private mutating func compareComplete(_ summary: RunSummary, _ final: StoredEntries) {
        require(!sightings.hasFailed, "it is complete although \(String(describing: schedule.fatal)) happened")
        require(!model.refusesPruning, "it is complete although it found no image and others were to be removed")
        require(!exceedsLimit, "it is complete although \(model.rejected.count) images failed")
        require(summary.embedded == model.embedded.count, "\(summary.embedded) embedded, not \(model.embedded.count)")
        require(summary.unchanged == model.unchanged, "\(summary.unchanged) unchanged, not \(model.unchanged)")
        require(summary.failed == model.rejected.count, "\(summary.failed) failed, not \(model.rejected.count)")
        require(
            summary.embedded + summary.unchanged + summary.failed == schedule.images.count,
            "of \(schedule.images.count) images, not as many came out"
        )
        require(summary.pruned == model.pruned, "\(summary.pruned) pruned, not \(model.pruned)")
        require(summary.skippedPruning == model.skipsPruning, "whether pruning was skipped is wrong")
        require(summary.failures == Array(sightings.failures.prefix(100)), "the summary has other failures")
        require(sightings.appended == model.embedded, "other images were stored, or in another order")
        require(missing(sightings.failures, in: model.rejected).isEmpty, "other images were rejected, or otherwise")
        let encoded = model.embedded.count + model.rejected.count { $0.stage == .encode }
        if schedule.isBatchInvariant {
            require(sightings.encodedImages == encoded, "\(sightings.encodedImages) encoded, not \(encoded)")
        }
        require(sightings.finishes == [.complete], "the store was finished as \(sightings.finishes)")
        require(final == model.entries, "the store has other entries")
    }

    private mutating func compareStopped(_ summary: RunSummary) {
        require(isInterrupted(.stop), "it stopped by itself")
        require(!exceedsLimit || sightings.failures.count < model.rejected.count, "the limit was ignored")
        require(summary.embedded == sightings.appended.count, "\(summary.embedded) counted as embedded")
        require(summary.failed == sightings.failures.count, "\(summary.failed) counted as failed")
        require(summary.unchanged <= model.unchanged, "\(summary.unchanged) unchanged, more than \(model.unchanged)")
    }

    private mutating func compareError(_ error: any Error) {
        let code = (error as? CLIPError)?.code
        let isExpected =
            if error is CancellationError {
                isInterrupted(.cancel)
            } else if code == .tooManyFailures {
                exceedsLimit
            } else if code == .notFound {
                schedule.images.isEmpty || model.refusesPruning
            } else {
                sightings.hasFailed && "\(error)".contains(Schedule.plannedReason)
            }
        require(isExpected, "it ended with \(error)")
    }

    private func isInterrupted(_ how: Schedule.Interruption) -> Bool {
        sightings.isInterrupted && schedule.interruption?.how == how
    }

    /// Whatever ended the run, each id has what it had before, or what it is to have.
    private mutating func compareStore(_ initial: StoredEntries, _ final: StoredEntries) {
        for id in Set(initial.keys).union(final.keys) {
            let isKept = final[id] == initial[id]
            require(isKept || final[id] == model.entries[id], "'\(id)' has a vector that it should not have")
        }
    }

    /// What was stored is the beginning of what is to be stored, and the store learns how the run ended.
    private mutating func compareLog() {
        require(
            sightings.appended == Array(model.embedded.prefix(sightings.appended.count)),
            "images were stored in another order"
        )
        let read = sightings.failures.filter { $0.stage != .encode }.map(\.id)
        let rejected = model.rejected.filter { $0.stage != .encode }.map(\.id)
        require(read == Array(rejected.prefix(read.count)), "failures were recorded in another order")
        let others = missing(sightings.failures, in: model.rejected)
        require(others.isEmpty, "\(others.count) images failed otherwise, such as \(others.first?.id ?? "")")
        if sightings.hasBegun, !sightings.hasFailed {
            require(sightings.finishes.count == 1, "the store was finished \(sightings.finishes.count) times")
        } else {
            require(sightings.finishes.count <= 1, "the store was finished \(sightings.finishes.count) times")
        }
    }

    /// How many work at a time, and on how many images.
    private mutating func compareSizes() {
        let options = schedule.options
        let reads = max(options.concurrentReads ?? 0, options.decodeWorkers)
        let limits: [(Schedule.Stage, Int)] = [
            (.source, 1), (.read, reads), (.decode, options.decodeWorkers), (.encode, 1), (.store, 1),
        ]
        for (stage, limit) in limits {
            let most = sightings.busiest[stage] ?? 0
            require(most <= limit, "\(most) calls of \(stage) at a time, more than \(limit)")
        }
        let fits = schedule.encoderMemory >= options.batchSize && schedule.fatal != .memory
        guard fits, schedule.images.count > options.batchSize else { return }
        let sizes = schedule.isBatchInvariant ? 1...options.batchSize : options.batchSize...options.batchSize
        require(sightings.batchSizes.allSatisfy(sizes.contains), "batches of \(sightings.batchSizes)")
    }

    /// The failures that the model does not have, or not as often.
    private func missing(_ failures: [FailedImage], in rejected: [SequentialModel.Rejection]) -> [FailedImage] {
        var rest = Dictionary(grouping: rejected, by: \.id)
        return failures.filter { failure in
            let index = rest[failure.id]?.firstIndex { rejection in
                // Of a run that has found no image yet, those that are gone keep their vectors.
                rejection.stage == failure.stage && failure.reason.contains(rejection.reason)
                    && (rejection.keepsVector == failure.keepsVector || rejection.isGone)
            }
            if let index { rest[failure.id]?.remove(at: index) }
            return index == nil
        }
    }
}
