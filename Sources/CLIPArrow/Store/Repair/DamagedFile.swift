internal import CLIPCore

/// A damaged file of a store.
package struct DamagedFile: Sendable, Hashable {
    /// The file.
    package let path: String
    /// The file's name.
    package var name: String { String(PendingFile.parts(of: path).name) }
    /// What is wrong with it.
    package let reason: String
    /// The number of rows that can still be read.
    package let soundCount: Int
    /// The ids of the images whose rows cannot be read.
    package let lostIDs: [String]
    /// The number of images whose ids cannot be read, either; `nil` if it is unknown.
    package let unknownCount: Int?

    /// Reads all files of a store to their ends, and returns those that are damaged.
    ///
    /// Every page is compared with its checksum, if it has one, and every vector with length 1.
    ///
    /// - Parameter folder: The store's folder.
    /// - Returns: The damaged files, parts first and in their order.
    /// - Throws: `CLIPError` with code `notFound` if there is no store, `unreadable` if the system cannot read a file,
    ///   `conflict` if another run replaces a file meanwhile.
    package static func all(store folder: String) throws -> [DamagedFile] {
        let layout = StoreLayout(folder: folder)
        try layout.requireStore()
        return try layout.parts().compactMap { try part(layout.path($0)) } + [failures(layout)].compactMap(\.self)
    }

    /// Reads a part; `nil` if it is sound.
    static func part(_ path: String) throws -> DamagedFile? {
        let rows: SoundRows
        do {
            rows = try SoundRows(path: path)
        } catch let error as CLIPError where error.code == .notFound {
            throw CLIPError(
                .conflict,
                "\(path) was removed while the store was read: another run is writing to it. Check the store again when "
                    + "that run has ended."
            )
        }
        return rows.damage.map {
            DamagedFile(
                path: path,
                reason: $0.description,
                soundCount: rows.count,
                lostIDs: rows.lostIDs,
                unknownCount: rows.unknownCount
            )
        }
    }

    /// Reads the list of failed images; `nil` if it is sound or there is none.
    static func failures(_ layout: StoreLayout) throws -> DamagedFile? {
        do {
            _ = try FailuresFile.sources(layout)
            try FailuresFile.forEach(layout) { _, _, _, _ in }
            return nil
        } catch let error as CLIPError where [.corruptData, .notFound].contains(error.code) {
            // Once it is open, what is not found is a column.
            return DamagedFile(
                path: layout.failures,
                reason: error.message,
                soundCount: 0,
                lostIDs: [],
                unknownCount: 0
            )
        }
    }
}
