internal import CLIPCore

/// What is left of a damaged file, under a hidden name until it takes the file's place.
///
/// What is left of a merger of several parts are its sound rows, and those that it lacks of the parts that it was made of, if an
/// interrupted compaction left some.
struct PartRemainder {
    /// The damaged file, and what is lost with it.
    let file: DamagedFile
    /// The sound rows; `nil` if there are none.
    private let rest: ParquetFileWriter?
    /// The file, then the parts that it was made of, the last first.
    private let inputs: [String]

    /// Reads a damaged file, and writes its sound rows.
    ///
    /// - Throws: `CLIPError` with code `unreadable` if the system cannot read a file, which may pass, or `storage`.
    init(_ damaged: DamagedFile, _ layout: StoreLayout, files: StoreFiles) throws {
        let name = try PartName(damaged.name, in: layout.folder)
        let merged = try name.map { name in try layout.coveredParts().filter(name.covers) } ?? []
        inputs = [damaged.path] + merged.reversed().map(layout.path)
        let identities = try name == nil ? [] : inputs.map { try SoundRows.identity(path: $0) }
        guard let identity = identities.lazy.compactMap(\.self).first else {
            (file, rest) = (damaged, nil)
            return
        }
        let writer = try ParquetFileWriter(
            path: damaged.path,
            fields: identity.schema.fields,
            metadata: identity.provenance.metadata,
            files: files
        )
        var (count, held) = (0, Set<ImageIDKey>())
        var read = [SoundRows]()
        for (input, own) in zip(inputs, identities) {
            if let own, (try? own.requireSame(identity, folder: layout.folder)) == nil { continue }
            read.append(
                try SoundRows(path: input) { block in
                    let rows = block.ids.indices.filter {
                        held.insert(ImageIDKey(block.ids[$0])).inserted || input == damaged.path
                    }
                    guard !rows.isEmpty else { return }
                    count += rows.count
                    try writer.write(identity.schema.table(block.rows(rows)))
                }
            )
        }
        if count > 0 { try writer.complete() }
        rest = count > 0 ? writer : nil
        let lostIDs = read.flatMap(\.lostIDs).filter { held.insert(ImageIDKey($0)).inserted }
        let isReadWhole = read.count == inputs.count
        let isWhole = name.map { isReadWhole && $0.isUnion(of: merged) } ?? false
        file = DamagedFile(
            path: damaged.path,
            reason: Self.reason(damaged, unread: identity.schema.otherColumns),
            soundCount: count,
            lostIDs: lostIDs,
            unknownCount: Self.unknownCount(read, known: count + lostIDs.count, isWhole: isWhole)
        )
    }

    /// Keeps the damaged file in a folder, and puts its sound rows in its place.
    ///
    /// At every moment, the store has the sound rows.
    ///
    /// - Throws: `CLIPError` with code `storage`, or `unreadable` if the file has to be copied and cannot be.
    func replaceFile(keepingItIn folder: DamagedFolder) throws {
        guard let rest else {
            // The merger last: without it, the parts that it was made of count.
            for input in inputs.reversed() { try folder.move(input) }
            return
        }
        try folder.keep(file.path)
        try rest.commit()
    }

    /// What is wrong with a file, and which of its columns are not among those of its sound rows.
    private static func reason(_ damaged: DamagedFile, unread: [String]) -> String {
        guard !unread.isEmpty else { return damaged.reason }
        return CLIPError(.corruptData, damaged.reason).advising(
            "Columns of kinds that this library does not read are kept in the damaged file only: "
                + "\(unread.joined(separator: ", "))."
        ).message
    }

    /// The number of images that a file held and whose ids are not known.
    ///
    /// - Parameters:
    ///   - read: What was read of the file, then of the parts that it was made of.
    ///   - known: The number of images whose ids are known.
    ///   - isWhole: Whether these parts are all that it was made of.
    /// - Returns: The number; `nil` if it is unknown.
    private static func unknownCount(_ read: [SoundRows], known: Int, isWhole: Bool) -> Int? {
        guard read.count > 1, let file = read.first else { return read.first?.unknownCount }
        if let unknown = file.unknownCount { return max(0, file.count + file.lostIDs.count + unknown - known) }
        guard isWhole else { return nil }
        return read.dropFirst().reduce(0) { sum, part in sum.flatMap { sum in part.unknownCount.map { sum + $0 } } }
    }
}

extension PartName {
    /// Whether parts, in their order, together have all numbers of this one.
    fileprivate func isUnion(of parts: [PartName]) -> Bool {
        parts.reduce(first) { next, part in part.first <= next ? max(next, part.last + 1) : next } > last
    }
}
