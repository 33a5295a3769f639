internal import CLIPCore

extension ParquetEmbeddingWriter {
    /// Makes everything durable, in an order that leaves a valid store wherever it is interrupted.
    ///
    /// What needs room on the disk is written before anything that is committed is touched. Rows leave older parts
    /// before their successors appear.
    func commit() throws {
        let stale = removed.union(pending?.keys ?? [])
        let affected = (parts ?? [:])
            .compactMap { number, ids in names[number].map { (name: $0, stale: stale.filter(ids.contains)) } }
            .filter { !$0.stale.isEmpty }
            .sorted { $0.name < $1.name }
        guard pending != nil || !affected.isEmpty || hasNewRejects else { return }
        if hasNewRejects || !isMarkedIncomplete { try writeRejects(isComplete: false) }
        let rewrites = try affected.map { part in
            let writer = try PartCopy(identity: identity, layout: layout, files: files)
                .write([part.name], to: part.name, without: part.stale)
            return (part: part, writer: writer)
        }
        try pending?.writer.complete()

        for (part, writer) in rewrites {
            let number = Int32(part.name.first)
            if let writer {
                try writer.commit()
                let rest = parts?[number].map { ImageIDSet(keys: Set($0.keys).subtracting(part.stale)) }
                parts?[number] = rest
            } else {
                try files.remove(layout.path(part.name), in: layout.folder)
                names[number] = nil
                parts?[number] = nil
            }
        }
        if let pending {
            try pending.writer.commit()
            names[nextPart] = PartName(Int(nextPart))
            parts?[nextPart] = ImageIDSet(keys: pending.keys)
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
