internal import CLIPCore

/// Rows cannot be removed from an unreadable part, so the new vectors of its images must be left out.
///
/// All others are stored.
extension StoreSession {
    /// The error about damaged parts, to throw after everything else is stored; `nil` if there are none.
    var damage: CLIPError? {
        guard let (name, reason) = damaged.min(by: { $0.key < $1.key }) else { return nil }
        let others = damaged.count > 1 ? ", as are \(damaged.count - 1) other parts" : ""
        let (state, advice) =
            reason.code == .corruptData
            ? ("is damaged", "Run 'clip-cli store repair' and then this run again.")
            : ("could not be read", "Fix the cause and rerun.")
        return reason.advising(
            "The file \(layout.path(name)) \(state)\(others). New vectors of \(withheldCount) of its images could not "
                + "be stored; all others are. \(advice)"
        )
    }

    /// The part being written, closed under a hidden name, without images of parts that have turned out to be damaged;
    /// `nil` if no rows remain.
    func completedPending() throws -> (writer: ParquetFileWriter, keys: Set<ImageIDKey>)? {
        guard let pending else { return nil }
        try pending.writer.complete()
        let withheld = pending.keys.filter(isInDamagedPart)
        guard !withheld.isEmpty else { return pending }
        withheldCount += withheld.count
        let input = PartCopy.Input(path: pending.writer.temporaryPath, dropped: DroppedRows(images: withheld))
        return try PartCopy(identity: identity, layout: layout, files: files)
            .write([input], to: nextName)
            .map { (writer: $0, keys: pending.keys.subtracting(withheld)) }
    }

    /// Whether an image is in a damaged part.
    func isInDamagedPart(_ key: ImageIDKey) -> Bool {
        damaged.keys.contains { parts?[$0]?.contains(key) ?? false }
    }
}
