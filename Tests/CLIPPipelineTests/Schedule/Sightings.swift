import CLIPCore
import CLIPPipeline
import Synchronization

/// What the doubles of a run saw.
struct Sightings: Sendable {
    var isInterrupted = false
    /// Whether the planned failure was thrown.
    var hasFailed = false
    /// The most calls of each stage at the same time.
    var busiest = [Schedule.Stage: Int]()
    /// The numbers of images that were encoded at a time.
    var batchSizes = Set<Int>()
    /// The number of images that were encoded, with those that fill up batches.
    var encodedImages = 0
    /// Whether the store was asked for its images, and answered.
    var hasBegun = false
    /// Ids in the order in which they were stored.
    var appended = [String]()
    var failures = [FailedImage]()
    var finishes = [RunEnding]()
}

/// Collects what was seen.
final class SightingLog: Sendable {
    private let state = Mutex(Sightings())

    var sightings: Sightings { state.withLock(\.self) }

    func add(_ change: (inout Sightings) -> Void) {
        state.withLock { change(&$0) }
    }
}
