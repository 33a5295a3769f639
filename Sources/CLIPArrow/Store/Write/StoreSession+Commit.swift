internal import CLIPCore

extension StoreSession {
    /// A part from which rows are to be removed.
    private struct Affected {
        let name: PartName
        /// Images whose rows in the part are all removed.
        let stale: Set<ImageIDKey>
        let dropped: DroppedRows
    }

    /// Writes everything to disk, in an order that leaves a valid store wherever it is interrupted.
    ///
    /// Everything that needs disk space is written before committed files are changed. Rows are removed from older
    /// parts before their replacements appear.
    ///
    /// - Parameter everything: Whether to include even a few new failures, and the removal of their images' rows,
    ///   instead of postponing them.
    /// - Throws: `CLIPError` with code `storage` or `conflict`.
    func commit(everything: Bool = false) throws {
        let takesFailures = everything || areFailuresWorthWriting
        let affected = affected(by: (takesFailures ? removed : []).union(pending?.keys ?? []))
        guard pending != nil || !affected.isEmpty || takesFailures && hasNewFailures else { return }
        if takesFailures && hasNewFailures || !isMarkedIncomplete { try writeFailures(isComplete: false) }
        let rewrites = try affected.compactMap { part in try rewritten(part).map { (part: part, writer: $0) } }
        let new = try completedPending()

        for (part, writer) in rewrites { try replace(part, by: writer) }
        if let new {
            try new.writer.commitNew()
            names.append(nextName)
            parts?[nextName] = ImageIDSet(keys: new.keys)
        }
        pending = nil
        if takesFailures { removed = [] }
        oldestUncommitted = nil
        if new != nil { nextName = try PartName(after: names, in: layout.folder) }
    }

    func writeFailures(isComplete: Bool) throws {
        try FailuresFile.write(
            failures,
            isComplete: isComplete,
            sources: sources,
            metadata: identity.provenance.metadata,
            layout: layout,
            files: files
        )
        writtenFailureCount = failures.count
        isMarkedIncomplete = !isComplete
    }

    private var hasNewFailures: Bool { failures.count > writtenFailureCount }

    /// Whether there are so many new failures that rewriting all of them each time costs at most a few times as much as
    /// writing them once.
    var areFailuresWorthWriting: Bool {
        hasNewFailures && failures.count - writtenFailureCount >= writtenFailureCount / 8
    }

    private func affected(by stale: Set<ImageIDKey>) -> [Affected] {
        names.compactMap { name in
            guard damaged[name] == nil, let ids = parts?[name] else { return nil }
            let stale = stale.filter(ids.contains)
            var dropped = doubled[name] ?? DroppedRows()
            dropped.images.formUnion(stale)
            return dropped.isEmpty ? nil : Affected(name: name, stale: stale, dropped: dropped)
        }
    }

    /// The remainder of a part under a hidden name, containing `nil` if no rows remain; `nil` if the part is damaged.
    private func rewritten(_ part: Affected) throws -> ParquetFileWriter?? {
        do {
            let input = PartCopy.Input(path: layout.path(part.name), dropped: part.dropped)
            return .some(try PartCopy(identity: identity, layout: layout, files: files).write([input], to: part.name))
        } catch let error as CLIPError where [.corruptData, .unreadable].contains(error.code) {
            damaged[part.name] = error
            return nil
        }
    }

    private func replace(_ part: Affected, by writer: ParquetFileWriter?) throws {
        if let writer {
            try writer.commit()
            let ids = parts?[part.name] ?? ImageIDSet()
            parts?[part.name] = ImageIDSet(keys: Set(ids.keys).subtracting(part.stale))
        } else {
            try files.remove(layout.path(part.name), in: layout.folder)
            names.removeAll { $0 == part.name }
            parts?[part.name] = nil
        }
        doubled[part.name] = nil
    }
}
