internal import CLIPCore

/// The result of merging the parts of a store.
package struct StoreCompaction: Sendable, Hashable {
    /// The number of parts before.
    package let partsBefore: Int
    /// The number of parts after.
    package let partsAfter: Int
    /// The size of the parts before.
    package let bytesBefore: Int
    /// The size of the parts after.
    package let bytesAfter: Int
    /// The number of images that had more than one row, of which the last was kept, because two computers wrote at the
    /// same time.
    package let repairedImages: Int
}

extension ParquetStore {
    /// Merges consecutive parts of a store into parts of up to `rowsPerPart` rows, in the same row order.
    ///
    /// The merger of parts 0 to 66 is `part-00000-00066.parquet`. As soon as it has that name, readers skip the parts
    /// that it replaces; then these are removed. Interrupting compaction at any time is safe.
    ///
    /// - Parameters:
    ///   - path: The store's folder.
    ///   - rowsPerPart: The maximum number of vectors per file; larger files are not changed.
    /// - Throws: `CLIPError` with code `notFound` if there are no embeddings, `storage` if a file cannot be written or
    ///   a run is writing to the store, `corruptData` if a part is damaged, `modelMismatch` if parts have different
    ///   settings or columns, `unsupportedFormat` if columns of other kinds than a source's would be lost.
    public static func compact(path: String, rowsPerPart: Int = 50_000) throws {
        try StoreCompaction.run(path: path, rowsPerPart: rowsPerPart)
    }
}

extension StoreCompaction {
    /// Does the same as ``ParquetStore/compact(path:rowsPerPart:)`` and returns statistics.
    ///
    /// - Returns: The numbers and sizes of the parts before and after.
    @discardableResult
    package static func run(
        path: String,
        rowsPerPart: Int = 50_000,
        files: StoreFiles = StoreFiles()
    ) throws -> StoreCompaction {
        precondition(rowsPerPart > 0, "a part has at least one row")
        let layout = StoreLayout(folder: path)
        _ = try StorePart.all(of: layout)
        let lock = try StoreLock(folder: path)
        return try lock.explainingConflicts { try compact(layout, rowsPerPart, files.guarded(by: lock)) }
    }

    private static func compact(
        _ layout: StoreLayout,
        _ rowsPerPart: Int,
        _ files: StoreFiles
    ) throws -> StoreCompaction {
        try layout.requireNoAdoption()
        try layout.removeLeftovers(files)
        let before = try StorePart.all(of: layout)
        let identity = before[0].identity
        for part in before {
            try part.identity.requireNoOtherColumns(path: part.path, advice: ", or remove them")
            try identity.requireSameColumns(part.identity, paths: (before[0].path, part.path))
            try part.identity.requireSame(
                identity,
                folder: part.path,
                advice:
                    "Only parts with the settings of \(before[0].path) can be merged with it: make a new "
                    + "store with 'clip-cli embed', or read the parts as they are."
            )
        }
        let names = try layout.parts()
        let index = try StoreIndex(names, layout: layout)
        let copy = PartCopy(identity: identity, layout: layout, files: files)
        for group in groups(rowCounts: before.map(\.rowCount), atMost: rowsPerPart) {
            try merge(Array(names[group]), dropping: index.doubled, copy)
            try layout.removeLeftovers(files)
        }

        let after = try StorePart.all(of: layout)
        return StoreCompaction(
            partsBefore: before.count,
            partsAfter: after.count,
            bytesBefore: try before.total(\.byteCount),
            bytesAfter: try after.total(\.byteCount),
            repairedImages: index.doubledCount
        )
    }

    /// Merges parts into one, without duplicate rows.
    private static func merge(_ names: [PartName], dropping doubled: [PartName: DroppedRows], _ copy: PartCopy) throws {
        guard let first = names.first, let last = names.last, names.count > 1 || doubled[first] != nil else { return }
        let merged = PartName(first: first.first, last: last.last)
        let inputs = names.map { PartCopy.Input(path: copy.layout.path($0), dropped: doubled[$0] ?? DroppedRows()) }
        if let writer = try StorePart.advisingRepair({ try copy.write(inputs, to: merged) }) {
            try names == [merged] ? writer.commit() : writer.commitNew()
        } else {
            // Every row has a later duplicate.
            for name in names where doubled[name] != nil {
                try copy.files.remove(copy.layout.path(name), in: copy.layout.folder)
            }
        }
    }

    /// Groups consecutive parts that together have at most `maximum` rows.
    private static func groups(rowCounts: [Int], atMost maximum: Int) -> [Range<Int>] {
        var groups = [Range<Int>]()
        var start = 0
        var rows = 0
        for (index, count) in rowCounts.enumerated() {
            if rows + count > maximum, index > start {
                groups.append(start..<index)
                start = index
                rows = 0
            }
            rows += count
        }
        return groups + [start..<rowCounts.count]
    }
}
