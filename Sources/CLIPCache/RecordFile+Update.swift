internal import CLIPCore
internal import CLIPDigest

extension RecordFile {
    /// A record to add.
    package struct Addition {
        let key: RecordKey
        let contents: [UInt8]

        package init(key: RecordKey, contents: [UInt8]) {
            self.key = key
            self.contents = contents
        }
    }

    /// Adds and removes records, and marks records as used, at most once a day each.
    ///
    /// If space runs out, the least recently used records are dropped; for the same day, the new ones. A concurrent
    /// update by another process may be lost.
    ///
    /// - Parameters:
    ///   - path: The file. It is not changed if it or its folder does not belong to this user alone.
    ///   - contentBytes: The size of a record's contents in bytes.
    ///   - maximumBytes: The maximum size of the file.
    ///   - additions: New records with distinct keys; they replace records with the same key.
    ///   - removed: Keys of records that are no longer valid.
    ///   - used: Keys of records that were used.
    /// - Returns: Whether the file was replaced; false if there was nothing to change.
    /// - Throws: `CLIPError` with code `storage`.
    @discardableResult
    package static func update(
        _ path: String,
        contentBytes: Int,
        maximumBytes: Int,
        adding additions: [Addition] = [],
        removing removed: [RecordKey] = [],
        used: [RecordKey] = []
    ) throws -> Bool {
        guard Ownership.isOwn(folder: PendingFile.folder(of: path)), Ownership.mayReplace(file: path) else {
            return false
        }
        let old = RecordFile(path: path, contentBytes: contentBytes)
        let today = today
        let (used, dropped) = (Set(used), Set(additions.map(\.key) + removed))
        var isChanged = removed.contains { old.row(of: $0) != nil }
        var records = old.entries.indices.compactMap { row -> Record? in
            var entry = old.entries[row]
            guard !dropped.contains(entry.key) else { return nil }
            // The clock may have been wrong.
            let day = used.contains(entry.key) ? today : min(entry.day, today)
            isChanged = isChanged || entry.day != day
            entry.day = day
            return Record(entry: entry, place: .old(row: row))
        }
        records += additions.indices.map { index in
            let (key, contents) = (additions[index].key, additions[index].contents)
            let entry = Entry(key: key, check: check(key: key, contents: contents), day: today)
            return Record(entry: entry, place: .new(index: index))
        }
        let room = (maximumBytes - headBytes - RecordKey.byteCount) / (entryBytes + contentBytes)
        if records.count > room {
            records.sort { ($0.entry.day, $1.rank, $1.entry.key) > ($1.entry.day, $0.rank, $0.entry.key) }
            records.removeSubrange(max(room, 0)...)
        }
        guard isChanged || records.contains(where: \.isNew) else { return false }
        records.sort { $0.entry.key < $1.entry.key }
        try write(records, to: path, contentBytes: contentBytes) { record in
            switch record.place {
            case .old(let row): old.uncheckedContents(row: row) ?? [UInt8](repeating: 0, count: contentBytes)
            case .new(let index): additions[index].contents
            }
        }
        return true
    }

    private struct Record {
        enum Place {
            case old(row: Int)
            case new(index: Int)
        }

        let entry: Entry
        let place: Place

        var isNew: Bool { if case .new = place { true } else { false } }
        /// On the same day, existing records are kept first.
        var rank: Int { isNew ? 1 : 0 }
    }

    private static func write(
        _ records: [Record],
        to path: String,
        contentBytes: Int,
        contents: (Record) -> [UInt8]
    ) throws {
        var index = magic
        func append(_ number: UInt32) { withUnsafeBytes(of: number.littleEndian) { index.append(contentsOf: $0) } }
        append(UInt32(contentBytes))
        append(UInt32(records.count))
        for entry in records.map(\.entry) {
            index += entry.key.bytes
            withUnsafeBytes(of: entry.check) { index.append(contentsOf: $0) }
            append(entry.day)
        }
        var hash = SHA256()
        index.withUnsafeBytes { hash.update($0) }
        let digest = hash.digest()
        try PrivateFile.replace(path) { writer in
            try writer.append(index)
            try writer.append(digest)
            for record in records { try writer.append(contents(record)) }
        }
    }
}
