import CLIPCore
import CLIPPipeline

/// A run of a schedule into a store.
struct ScheduledRun {
    /// How the run ended for its caller.
    enum Outcome: Sendable {
        case ended(RunSummary)
        case failed(any Error)
        /// The loop over its events was left.
        case left
    }

    let schedule: Schedule
    let outcome: Outcome
    let sightings: Sightings

    /// What is left of a run: its log, and the doubles for as long as a task has them.
    private struct Rest {
        weak var steps: Steps?
        let log: SightingLog
    }

    /// Runs a schedule until all its tasks have ended, those that the run does not wait for among them.
    init(_ schedule: Schedule, into store: MemoryStore) async {
        self.schedule = schedule
        let (outcome, rest) = await Self.start(schedule, store)
        var turns = 0
        while rest.steps != nil {
            // Then it is another thread that has to go on.
            turns += 1
            if turns > 100 { try? await Task.sleep(for: .microseconds(100)) } else { await Task.yield() }
        }
        self.outcome = outcome
        sightings = rest.log.sightings
    }

    private static func start(_ schedule: Schedule, _ store: MemoryStore) async -> (Outcome, Rest) {
        let steps = Steps(schedule)
        let run = EmbeddingRun(
            source: ScheduledSource(steps: steps),
            decoder: ScheduledDecoder(steps: steps),
            encoder: ScheduledEncoder(steps: steps),
            writer: ScheduledWriter(steps: steps, store: store),
            options: schedule.options
        )
        let control = RunControl()
        let task = Task { await follow(run, control, steps) }
        steps.onInterruption {
            switch schedule.interruption?.how {
            case .stop: control.stop()
            case .cancel: task.cancel()
            case .leave, nil: break
            }
        }
        let outcome = await task.value
        steps.end()
        return (outcome, Rest(steps: steps, log: steps.log))
    }

    private static func follow(_ run: EmbeddingRun, _ control: RunControl, _ steps: Steps) async -> Outcome {
        do {
            guard steps.schedule.isIterated else { return .ended(try await run.run(control: control)) }
            for try await event in run.events(control: control) {
                await steps.during(.reader) {}
                if case .finished(let summary) = event { return .ended(summary) }
                if steps.schedule.interruption?.how == .leave, steps.log.sightings.isInterrupted { return .left }
            }
            preconditionFailure("a run ends with a summary or an error")
        } catch {
            return .failed(error)
        }
    }
}
