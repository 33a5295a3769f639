internal import CLIPArrow
internal import CLIPCore
internal import CLIPPipeline

extension SourceRecord {
    /// Refuses to embed folders whose images a store already has under other ids.
    ///
    /// Ids are relative to a folder that is the only source, and start with the folder's name otherwise.
    ///
    /// - Parameters:
    ///   - earlier: The records of earlier runs.
    ///   - store: The store's name in the error message.
    /// - Throws: `CLIPError` with code `storage` that says what to do.
    func requireSameIDs(as earlier: [SourceRecord], store: String) throws {
        let known = earlier.flatMap(\.folders)
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

    /// Refuses to embed files that a store already has under another id, from a folder, and files that would replace others
    /// there, from a folder of another name.
    ///
    /// A list on standard input, which can be read only once, is not checked.
    ///
    /// - Parameters:
    ///   - earlier: The records of earlier runs.
    ///   - store: The store's name in the error message.
    ///   - storedIDs: Reads the ids of the store; called only if a file may be known.
    /// - Throws: `CLIPError` with code `storage` that says what to do; what reading folders, lists and ids throws.
    func requireNewFiles(
        to earlier: [SourceRecord],
        store: String,
        storedIDs: @escaping () throws -> ImageIDSet
    ) async throws {
        let known = earlier.flatMap(\.folders)
        guard !known.isEmpty else { return }
        var images = KnownImages(folders: known, store: store, storedIDs: storedIDs)
        var places = FilePlaces(directory: directory)
        func check(_ path: String) throws {
            guard ImageLocations.scheme(of: path) == nil, let file = places.resolved(path) else { return }
            try images.requireNew(file, id: path)
        }
        for source in sources where isImageFile(source) { try check(source) }
        for list in lists where list != "-" && (try? PathKind.isStream(list)) == false {
            var listed = try ListSource(contentsOf: list).makeIterator()
            while let image = try await listed.next() { try check(image.id) }
        }
        for folder in folders where images.mayHaveFiles(of: folder) {
            let options = FolderSource.Options(
                includesAllFiles: allFiles,
                include: include,
                exclude: exclude,
                idPrefix: String(decoding: folder.prefix, as: UTF8.self)
            )
            var files = try FolderSource(path: String(decoding: folder.path, as: UTF8.self), options: options)
                .makeIterator()
            while let image = try await files.next() {
                guard let file = folder.file(withID: Array(image.id.utf8)) else { continue }
                try images.requireNew(file, id: image.id)
            }
        }
    }

    private func isImageFile(_ source: String) -> Bool {
        guard ImageLocations.scheme(of: source) == nil, case .file = try? PathKind(source) else { return false }
        return !Self.isArchive(source) && !TableSource.isTable(source)
    }
}
