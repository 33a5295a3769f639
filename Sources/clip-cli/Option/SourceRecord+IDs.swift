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
        let known = earlier.map(\.prefixes)
        for (folder, prefix) in prefixes {
            let forms = known.compactMap { $0[folder] }
            guard let form = forms.last, !forms.contains(prefix) else { continue }
            throw CLIPError(
                .storage,
                "\(store) already has the images of \(folder) under ids \(Self.example(form)); with these sources the ids would "
                    + "be \(Self.example(prefix)), and every image would be stored twice. Pass the sources as in the earlier "
                    + "run, use another store, or add --allow-new-ids (with --prune to remove the old ids)."
            )
        }
    }

    private static func example(_ prefix: String) -> String { "like '\(prefix)image.jpg'" }

    /// Refuses to embed single files and files in lists that a store already has under another id, from a folder.
    ///
    /// A list on standard input, which can be read only once, is not checked.
    ///
    /// - Parameters:
    ///   - earlier: The records of earlier runs.
    ///   - store: The store's name in the error message.
    ///   - storedIDs: Reads the ids of the store; called only if a file is in the folder of an earlier run.
    /// - Throws: `CLIPError` with code `storage` that says what to do; what reading lists and ids throws.
    func requireNewFiles(to earlier: [SourceRecord], store: String, storedIDs: () throws -> ImageIDSet) async throws {
        let folders = earlier.flatMap(\.prefixes)
        guard !folders.isEmpty else { return }
        var places = FilePlaces(directory: directory)
        var stored: ImageIDSet?
        func check(_ path: String) throws {
            guard ImageLocations.scheme(of: path) == nil, let file = places.resolved(path) else { return }
            for (folder, prefix) in folders where file.hasPrefix(folder + "/") {
                let known = prefix + file.dropFirst(folder.count + 1)
                guard known != path else { continue }
                let ids = try stored ?? storedIDs()
                stored = ids
                guard ids.contains(known), !ids.contains(path) else { continue }
                throw CLIPError(
                    .storage,
                    "\(store) already has the image \(file) under the id '\(known)'; with these sources its id would be "
                        + "'\(path)', and it would be stored twice. Pass the sources as in the earlier run, use another store, "
                        + "or add --allow-new-ids."
                )
            }
        }
        for source in sources where isImageFile(source) { try check(source) }
        for list in lists where list != "-" && (try? PathKind.isStream(list)) == false {
            var images = try ListSource(contentsOf: list).makeIterator()
            while let image = try await images.next() { try check(image.id) }
        }
    }

    private func isImageFile(_ source: String) -> Bool {
        guard ImageLocations.scheme(of: source) == nil, case .file = try? PathKind(source) else { return false }
        return !Self.isArchive(source) && !TableSource.isTable(source)
    }

    /// The prefix of the images' ids for each folder, by the folder's path without links.
    private var prefixes: [String: String] {
        var prefixes = [String: String]()
        for source in sources where ImageLocations.scheme(of: source) == nil {
            let path = source.hasPrefix("/") ? source : "\(directory)/\(source)"
            guard (try? PathKind(path)) == .folder, let folder = PathKind.resolved(path) else { continue }
            // The images of tables are not called after their folder.
            guard (try? tableFiles(path)) == nil else { continue }
            prefixes[folder] = idPrefix(source)
        }
        return prefixes
    }
}

/// The places of files, whose folders' links are resolved once for each folder.
private struct FilePlaces {
    let directory: String
    private var folders = [Substring: String?]()

    init(directory: String) {
        self.directory = directory
    }

    /// The path of a file from the root, without links to folders; `nil` if its folder does not exist.
    mutating func resolved(_ path: String) -> String? {
        let parent = path.lastIndex(of: "/").map { path[...$0] } ?? path.prefix(0)
        let name = path[parent.endIndex...]
        let absolute = parent.hasPrefix("/") ? String(parent) : "\(directory)/\(parent)"
        let folder = folders[parent] ?? PathKind.resolved(absolute)
        folders[parent] = folder
        return folder.map { "\($0)/\(name)" }
    }
}
