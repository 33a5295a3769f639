internal import CLIPCore

/// A part that cannot be read cannot lose a row, so that the new vectors of its images must stay out; all others go in.
extension StoreSession {
    /// What to do about damaged parts, once everything else is stored; `nil` without any.
    var damage: CLIPError? {
        guard let (name, reason) = damaged.min(by: { $0.key < $1.key }) else { return nil }
        let others = damaged.count > 1 ? ", and so are \(damaged.count - 1) other parts" : ""
        let (state, advice) =
            reason.code == .corruptData
            ? ("is damaged", "Remove the file and start the run again: it embeds the images of that file again.")
            : ("could not be read", "Fix what keeps it from being read and start the run again.")
        return reason.advising(
            "The file \(layout.path(name)) \(state)\(others). New vectors of \(withheldCount) images that are in it could not "
                + "be stored; all others are. \(advice)"
        )
    }

    /// The part that is being written, completed under a hidden name, without images of parts that turned out to be damaged
    /// since; `nil` when nothing is left.
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

    /// Whether an image is in a part that turned out to be damaged.
    func isInDamagedPart(_ key: ImageIDKey) -> Bool {
        damaged.keys.contains { parts?[$0]?.contains(key) ?? false }
    }
}
