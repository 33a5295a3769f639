internal import CLIPArrow
internal import CLIPCore
internal import CLIPPipeline

extension SourceRecord {
    /// Refuses images that would be in a store twice, or would replace others there.
    ///
    /// - Parameters:
    ///   - store: The store to update; `nil` if there is none.
    ///   - name: The store's name in error messages.
    ///   - comparison: How files are compared with the store's images.
    /// - Throws: `CLIPError` with code `storage` that says what to do; what reading the sources and the store throws.
    func requireImagesOnce(in store: ParquetStore?, named name: String, comparison: FileComparison) async throws {
        let earlier = try store?.sources() ?? []
        try requireSameIDs(as: earlier, store: name)
        try await requireDistinctFiles()
        guard let store else { return }
        try await requireNewFiles(to: earlier, store: name, comparison: comparison) { try store.storedImages() }
    }

    /// Refuses to embed folders whose images a store already has under other ids.
    ///
    /// Ids are relative to a folder that is the only source, and start with the folder's name otherwise.
    ///
    /// - Parameters:
    ///   - earlier: The records of earlier runs.
    ///   - store: The store's name in the error message.
    /// - Throws: `CLIPError` with code `storage` that says what to do.
    private func requireSameIDs(as earlier: [SourceRecord], store: String) throws {
        let known = earlier.folders
        guard !known.isEmpty else { return }
        for folder in folders {
            let forms = known.filter { $0.path == folder.path }.map(\.prefix)
            guard let form = forms.last, !forms.contains(folder.prefix) else { continue }
            throw CLIPError(
                .storage,
                "\(store) already has the images of \(PathText.text(folder.path[...])) under ids \(Self.example(form)); with "
                    + "these sources the ids would be \(Self.example(folder.prefix)), and every image would be stored "
                    + "twice. Pass the sources as in the earlier run, use another store, or add --allow-new-ids (with "
                    + "--prune to remove the old ids)."
            )
        }
    }

    private static func example(_ prefix: [UInt8]) -> String { "like '\(PathText.text(prefix[...]))image.jpg'" }

    /// Refuses sources that have the same images under different ids.
    ///
    /// An image that several sources have under one id fails on its own. A list on standard input, which can be read only
    /// once, is not checked.
    ///
    /// - Throws: `CLIPError` with code `storage` that says what to do; what reading folders and lists throws.
    private func requireDistinctFiles() async throws {
        guard count > 1 else { return }
        let own = folders
        guard !own.isEmpty else { return }
        for (position, folder) in own.enumerated() {
            let others = own[..<position].filter { $0.path == folder.path && $0.prefix != folder.prefix }
            guard let other = others.first else { continue }
            throw CLIPError(
                .storage,
                "\(PathText.text(folder.path[...])) is among the sources twice, with ids \(Self.example(other.prefix)) and "
                    + "\(Self.example(folder.prefix)). Pass it once, or add --allow-new-ids to store its images twice."
            )
        }
        var walked: ImageIDSet?
        func requireOnce(_ file: [UInt8], _ id: String) throws {
            for other in own.compactMap({ $0.id(of: file) }) where other != Array(id.utf8) {
                let known = String(decoding: other, as: UTF8.self)
                let ids = try walked ?? self.ids(of: own)
                walked = ids
                guard ids.contains(known) else { continue }
                throw CLIPError(
                    .storage,
                    "The image \(PathText.text(file[...])) is among the sources twice, under the ids '\(known)' and "
                        + "'\(id)'. Pass it once, or add --allow-new-ids to store it twice."
                )
            }
        }
        try await forEachNamedFile { try requireOnce($0, $1) }
        for folder in own where own.contains(where: { $0.doubles(folder) }) {
            try forEachFile(of: folder) { try requireOnce($0, $1) }
        }
    }

    /// Refuses to embed files that a store already has under another id, from a folder, and files that would replace others
    /// there, from other folders or from lists and single files in another working folder.
    ///
    /// A list on standard input, which can be read only once, is not checked.
    ///
    /// - Parameters:
    ///   - earlier: The records of earlier runs.
    ///   - store: The store's name in the error message.
    ///   - comparison: How files are compared with the store's images.
    ///   - storedImages: Reads the images of the store; called only if a file may be known.
    /// - Throws: `CLIPError` with code `storage` that says what to do; what reading folders, lists and images throws.
    private func requireNewFiles(
        to earlier: [SourceRecord],
        store: String,
        comparison: FileComparison,
        storedImages: @escaping () throws -> StoredImages
    ) async throws {
        var seen = Set<KnownFolder>()
        let known = earlier.folders.filter { seen.insert($0).inserted }
        let starts = Set(earlier.compactMap(\.startOfPaths)).sorted { $0.lexicographicallyPrecedes($1) }
        guard !known.isEmpty || !starts.isEmpty else { return }
        var images = KnownImages(
            folders: known,
            starts: starts,
            store: store,
            comparison: comparison,
            storedImages: storedImages
        )
        try await forEachNamedFile { file, id in
            try images.requireNoOtherID(of: file, id: id)
            try images.requireNoOtherFile(than: file, id: id)
        }
        for folder in folders {
            // Whoever has embedded a folder under these ids may do so again.
            let mayHaveOtherIDs = !seen.contains(folder) && known.contains { $0.mayShareFiles(with: folder) }
            guard mayHaveOtherIDs || images.mayReplaceFiles(by: folder) else { continue }
            try forEachFile(of: folder) { file, id in
                if mayHaveOtherIDs { try images.requireNoOtherID(of: file, id: id) }
                try images.requireNoOtherFile(than: file, id: id)
            }
        }
    }

    /// Calls `body` with each single file and each file of a list, and its id.
    private func forEachNamedFile(_ body: (_ file: [UInt8], _ id: String) throws -> Void) async throws {
        var places = FilePlaces(directory: directory)
        for source in sources where isImageFile(source) {
            if let file = places.resolved(source) { try body(file, source) }
        }
        for list in lists where list != "-" && (try? PathKind.isStream(list)) == false {
            var listed = try ListSource(contentsOf: list).makeIterator()
            while let image = try await listed.next() {
                if let file = places.resolved(image.id) { try body(file, image.id) }
            }
        }
    }

    /// Calls `body` with each file that is read from a folder of this machine, and its id.
    private func forEachFile(of folder: KnownFolder, _ body: (_ file: [UInt8], _ id: String) throws -> Void) throws {
        guard folder.isLocal else { return }
        let options = FolderSource.Options(includesAllFiles: allFiles, include: include, exclude: exclude)
        let prefix = String(decoding: folder.prefix, as: UTF8.self)
        try FolderSource(path: String(decoding: folder.path, as: UTF8.self), options: options).forEachFile { found in
            // Parts that cannot be read are failed images.
            guard let name = try? found.get() else { return true }
            try body(folder.path + "/".utf8 + name.utf8, prefix + name)
            return true
        }
    }

    private func ids(of folders: [KnownFolder]) throws -> ImageIDSet {
        var ids = ImageIDSet()
        for folder in folders { try forEachFile(of: folder) { ids.insert($1) } }
        return ids
    }

    private func isImageFile(_ source: String) -> Bool {
        guard ImageLocations.scheme(of: source) == nil else {
            return FileFilter.isNamedLikeImage(Array(source.utf8)[...])
        }
        guard case .file = try? PathKind(source) else { return false }
        return !Self.isArchive(source) && !TableSource.isTable(source)
    }
}
