internal import CLIPCore

extension ParquetEmbeddingWriter {
    /// Makes everything durable, in an order that leaves a valid store wherever it is interrupted.
    ///
    /// What needs room on the disk is written before anything that is committed is touched. Rows leave older parts
    /// before their successors appear.
    func commit() throws {
        let stale = removed.union(pending?.keys ?? [])
        let affected = Dictionary(grouping: stale) { parts?[$0] }
            .compactMap { number, keys in number.flatMap { names[$0] }.map { ($0, Set(keys)) } }
            .sorted { $0.0 < $1.0 }
        guard pending != nil || !affected.isEmpty || hasNewRejects else { return }
        if hasNewRejects || !isMarkedIncomplete { try writeRejects(isComplete: false) }
        let rewrites = try affected.map { name, keys in
            let writer = try PartCopy(identity: identity, layout: layout, files: files)
                .write([name], to: name, without: keys)
            return (name: name, writer: writer)
        }
        try pending?.writer.complete()

        for rewrite in rewrites {
            if let writer = rewrite.writer {
                try writer.commit()
            } else {
                try files.remove(layout.path(rewrite.name), in: layout.folder)
                names[Int32(rewrite.name.first)] = nil
            }
        }
        for key in stale { parts?[key] = nil }
        if let pending {
            try pending.writer.commit()
            names[nextPart] = PartName(Int(nextPart))
            for key in pending.keys { parts?[key] = nextPart }
            nextPart += 1
        }
        pending = nil
        removed = []
        oldestUncommitted = nil
    }

    func writeRejects(isComplete: Bool) throws {
        try RejectsFile.write(
            rejects,
            isComplete: isComplete,
            sources: sources,
            metadata: identity.provenance.metadata,
            layout: layout,
            files: files
        )
        hasNewRejects = false
        isMarkedIncomplete = !isComplete
    }

    func startPart() throws -> ParquetFileWriter {
        try ParquetFileWriter(
            path: layout.path(PartName(Int(nextPart))),
            fields: identity.schema.fields,
            metadata: identity.provenance.metadata,
            files: files
        )
    }
}
