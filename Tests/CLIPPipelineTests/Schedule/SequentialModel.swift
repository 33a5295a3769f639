import CLIPCore
import CLIPPipeline

/// What a store has for an id.
struct StoredEntry: Hashable, Sendable {
    let file: [UInt8]
    let version: String?
    let contentHash: String?

    /// Whether an image with another version, or the same, counts as unchanged.
    func isCurrent(version other: String?) -> Bool {
        version == nil || other == nil || version == other
    }
}

typealias StoredEntries = [String: StoredEntry]

/// What a run does, computed one image after another without tasks, batches and channels.
struct SequentialModel {
    /// An image that fails.
    struct Rejection: Hashable {
        let id: String
        let stage: RunStage
        /// A part of the reason.
        let reason: String
        let keepsVector: Bool

        /// Whether the image no longer exists, so that pruning removes its vector.
        var isGone: Bool { stage == .read && !keepsVector }
    }

    /// Ids in source order.
    private(set) var embedded = [String]()
    private(set) var unchanged = 0
    private(set) var rejected = [Rejection]()
    private(set) var pruned = 0
    private(set) var skipsPruning = false
    /// Whether the run finds no image and therefore ends instead of removing others.
    private(set) var refusesPruning = false
    /// The store after the run.
    private(set) var entries: StoredEntries

    /// Runs a schedule into a store.
    init(_ schedule: Schedule, into stored: StoredEntries) {
        entries = stored
        var ids = Set<String>()
        for image in schedule.images {
            let isKnown = !ids.insert(image.id).inserted
            if let rejection = settle(image, isKnown: isKnown, stored[image.id], schedule) {
                rejected.append(rejection)
                guard !rejection.keepsVector, !rejection.isGone else { continue }
                entries[image.id] = nil
            }
        }
        prune(schedule, ids)
    }

    private mutating func prune(_ schedule: Schedule, _ ids: Set<String>) {
        guard schedule.options.prunes else { return }
        skipsPruning = schedule.images.contains { $0.readFault == .unknownPart }
        var gone = Set(rejected.filter(\.isGone).map(\.id)).intersection(entries.keys)
        if !skipsPruning { gone.formUnion(Set(entries.keys).subtracting(ids)) }
        let hasFound = !embedded.isEmpty || unchanged > 0 || rejected.contains { $0.stage != .read }
        refusesPruning = !hasFound && !gone.isEmpty
        guard !refusesPruning else { return }
        for id in gone { entries[id] = nil }
        pruned = gone.count
    }

    /// Handles one image, and returns why it fails.
    private mutating func settle(
        _ image: ScheduledImage,
        isKnown: Bool,
        _ stored: StoredEntry?,
        _ schedule: Schedule
    ) -> Rejection? {
        func rejection(_ stage: RunStage, _ reason: String, keepsVector: Bool = false) -> Rejection {
            Rejection(id: image.id, stage: stage, reason: reason, keepsVector: keepsVector)
        }
        if isKnown { return rejection(.read, "An earlier image has the same id", keepsVector: true) }
        let version = image.readFault == .unknownPart ? FileVersion.unknown : image.version
        if !schedule.options.comparesContent, let stored, stored.isCurrent(version: version) {
            unchanged += 1
            return nil
        }
        if let fault = image.readFault {
            let isGone = schedule.options.prunes && fault == .gone
            let stage = fault == .tooLarge ? RunStage.limit : .read
            return rejection(stage, "\(fault.error)", keepsVector: fault != .tooLarge && !isGone)
        }
        let hash = schedule.hashes ? Schedule.hash(image.file) : nil
        if let hash, stored?.contentHash == hash {
            unchanged += 1
            return nil
        }
        switch image.kind {
        case .undecodable: return rejection(.decode, "It is damaged.")
        case .foreign: return rejection(.decode, "a foreign error")
        case .tooNarrow: return rejection(.preprocess, "too narrow")
        case .withoutVector: return rejection(.encode, "a vector of length nan")
        case .sound:
            embedded.append(image.id)
            entries[image.id] = StoredEntry(file: image.file, version: version, contentHash: hash)
            return nil
        }
    }
}
