internal import CLIPCore

extension StoreSession {
    /// A part with rows that are to leave it.
    private struct Affected {
        let name: PartName
        /// Images that have no row in the part afterwards.
        let stale: Set<ImageIDKey>
        let dropped: DroppedRows
    }

    /// Makes everything durable, in an order that leaves a valid store wherever it is interrupted.
    ///
    /// What needs room on the disk is written before anything that is committed is touched. Rows leave older parts
    /// before their successors appear.
    ///
    /// - Parameter everything: Whether few new failures, and the rows of their images, are not left for later.
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

    /// Whether so many failures are new that writing all of them again, each time that it is so, takes no more than a few
    /// times as long as writing them once.
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

    /// The rest of a part under a hidden name, with `nil` inside where nothing is left; `nil` when the part is damaged.
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
