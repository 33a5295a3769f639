internal import CLIPArrow
internal import CLIPCore
internal import CLIPPipeline

/// The images that a store has from folders of earlier runs.
struct KnownImages {
    /// The folders, without links, and the prefixes of their images' ids.
    let folders: [(folder: String, prefix: String)]
    let store: String
    let storedIDs: () throws -> ImageIDSet
    private var read: ImageIDSet?

    init(
        folders: [(folder: String, prefix: String)],
        store: String,
        storedIDs: @escaping () throws -> ImageIDSet
    ) {
        self.folders = folders
        self.store = store
        self.storedIDs = storedIDs
    }

    /// Whether files of a folder may be known under another id, or others under their ids.
    func mayHaveFiles(of folder: String, prefix: String) -> Bool {
        // Whoever has embedded a folder under these ids may do so again.
        guard !folders.contains(where: { $0 == (folder, prefix) }) else { return false }
        return folders.contains { known in
            known.folder != folder
                && (known.prefix == prefix || folder.hasPrefix(known.folder + "/")
                    || known.folder.hasPrefix(folder + "/"))
        }
    }

    /// Requires that the store does not have a file under another id.
    ///
    /// - Parameters:
    ///   - file: The path without links.
    ///   - id: The id that the file would have.
    mutating func requireNew(_ file: String, id: String) throws {
        for (folder, prefix) in folders where file.hasPrefix(folder + "/") {
            let known = prefix + file.dropFirst(folder.count + 1)
            guard known != id else { continue }
            let ids = try ids()
            guard ids.contains(known), !ids.contains(id) else { continue }
            throw CLIPError(
                .storage,
                "\(store) already has the image \(file) under the id '\(known)'; with these sources its id would be "
                    + "'\(id)', and it would be stored twice. Pass the sources as in the earlier run, use another store, "
                    + "or add --allow-new-ids."
            )
        }
    }

    /// Requires that the store does not have a file of a folder under another id, or another file under its id.
    ///
    /// Copies with the same size and time are the same file.
    mutating func requireNew(under file: String, id: String) throws {
        try requireNew(file, id: id)
        for (folder, prefix) in folders where !file.hasPrefix(folder + "/") && id.hasPrefix(prefix) {
            guard try ids().contains(id) else { return }
            let other = "\(folder)/\(id.dropFirst(prefix.count))"
            guard (try? PathKind(other)) == .file, Self.version(other) != Self.version(file) else { continue }
            throw CLIPError(
                .storage,
                "\(store) already has the image \(other) under the id '\(id)', and \(file) would replace it. Use another "
                    + "store, or add --allow-new-ids to replace images."
            )
        }
    }

    private mutating func ids() throws -> ImageIDSet {
        let ids = try read ?? storedIDs()
        read = ids
        return ids
    }

    private static func version(_ path: String) -> String { FileVersion.read(bytesOfPath: Array(path.utf8)) }
}

/// The places of files, whose folders' links are resolved once for each folder.
struct FilePlaces {
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
