import CLIPCore
import CLIPPipeline

/// Runs a schedule, then the same without what ended it, and compares both with the sequential model.
struct ScheduleCheck {
    private let schedule: Schedule
    /// Whose vector is whose.
    private let files: [[Float]: [UInt8]]

    init(_ schedule: Schedule) throws {
        self.schedule = schedule
        let files = Set((schedule.images + schedule.stored).map(\.file))
        self.files = Dictionary(uniqueKeysWithValues: try files.map { (try ScheduledEncoder.vector(of: $0), $0) })
    }

    /// What differs from the model.
    func faults() async throws -> [String] {
        let store = try storeOfEarlierRun()
        let initial = try entries(of: store)
        let run = await ScheduledRun(schedule, into: store)
        let left = try entries(of: store)
        let faults = RunComparison(run, SequentialModel(schedule, into: initial), from: initial, to: left).faults
        guard faults.isEmpty else { return faults }
        let second = await ScheduledRun(schedule.undisturbed, into: store)
        let final = try entries(of: store)
        let model = SequentialModel(schedule.undisturbed, into: left)
        let laterFaults = RunComparison(second, model, from: left, to: final).faults.map { "when run again: \($0)" }
        let isSame = final == SequentialModel(schedule, into: initial).entries || schedule.images.isEmpty
        return laterFaults + (isSame ? [] : ["the store differs from that of an undisturbed run"])
    }

    private func storeOfEarlierRun() throws -> MemoryStore {
        let model = ScheduledEncoder.model
        let block = EmbeddingBlock(
            ids: schedule.stored.map(\.id),
            embeddings: EmbeddingMatrix(
                dimension: model.embeddingDimension,
                values: try schedule.stored.flatMap { try ScheduledEncoder.vector(of: $0.file) }
            ),
            origins: schedule.stored.map { image in
                ImageOrigin(
                    version: image.version,
                    contentHash: schedule.hashes ? Schedule.hash(image.file) : nil
                )
            }
        )
        return MemoryStore(provenance: Provenance(model), block: block)
    }

    private func entries(of store: MemoryStore) throws -> StoredEntries {
        let block = store.block
        var entries = StoredEntries()
        for (row, id) in block.ids.enumerated() {
            let origin = block.origins[row]
            let file = files[block.embeddings[row: row]] ?? []
            let entry = StoredEntry(file: file, version: origin.version, contentHash: origin.contentHash)
            // Two vectors of an id would be as wrong as none of its own.
            entries[id] = entries[id] == nil ? entry : StoredEntry(file: [], version: nil, contentHash: nil)
        }
        return entries
    }
}
