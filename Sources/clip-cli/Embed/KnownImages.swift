internal import CLIPArrow
internal import CLIPCore
internal import CLIPPipeline

/// The images that a store has from folders of earlier runs.
struct KnownImages {
    let folders: [KnownFolder]
    let store: String
    let storedIDs: () throws -> ImageIDSet
    private var read: ImageIDSet?

    init(folders: [KnownFolder], store: String, storedIDs: @escaping () throws -> ImageIDSet) {
        self.folders = folders
        self.store = store
        self.storedIDs = storedIDs
    }

    /// Whether files of a folder may be known under another id, or others under their ids.
    func mayHaveFiles(of folder: KnownFolder) -> Bool {
        // Whoever has embedded a folder under these ids may do so again.
        !folders.contains(folder) && folders.contains { $0.mayShareImages(with: folder) }
    }

    /// Requires that the store does not have a file under another id, or another file under its id.
    ///
    /// Copies with the same size and time are the same file.
    ///
    /// - Parameters:
    ///   - file: The path without links.
    ///   - id: The id that the file would have.
    /// - Throws: `CLIPError` with code `storage`; what reading the ids throws.
    mutating func requireNew(_ file: [UInt8], id: String) throws {
        let idBytes = Array(id.utf8)
        for folder in folders {
            if let known = folder.id(of: file), known != idBytes {
                let known = String(decoding: known, as: UTF8.self)
                let ids = try ids()
                if ids.contains(known), !ids.contains(id) { throw doubled(file, known: known, id: id) }
            }
            if let other = folder.file(withID: idBytes), other != file, try ids().contains(id), Self.differ(file, other)
            {
                throw replaced(other, by: file, id: id)
            }
        }
    }

    private func doubled(_ file: [UInt8], known: String, id: String) -> CLIPError {
        CLIPError(
            .storage,
            "\(store) already has the image \(PathText.text(file[...])) under the id '\(known)'; with these sources its id "
                + "would be '\(id)', and it would be stored twice. Pass the sources as in the earlier run, use another "
                + "store, or add --allow-new-ids."
        )
    }

    private func replaced(_ other: [UInt8], by file: [UInt8], id: String) -> CLIPError {
        CLIPError(
            .storage,
            "\(store) already has the image \(PathText.text(other[...])) under the id '\(id)', and "
                + "\(PathText.text(file[...])) would replace it. Use another store, or add --allow-new-ids to replace images."
        )
    }

    private mutating func ids() throws -> ImageIDSet {
        let ids = try read ?? storedIDs()
        read = ids
        return ids
    }

    /// Whether the second is a file, and not a copy of the first.
    private static func differ(_ file: [UInt8], _ other: [UInt8]) -> Bool {
        guard (try? PathKind(PathText.text(other[...]))) == .file else { return false }
        return FileVersion.read(bytesOfPath: other) != FileVersion.read(bytesOfPath: file)
    }
}

/// The places of files, whose folders' links are resolved once for each folder.
struct FilePlaces {
    let directory: String
    private var folders = [Substring: String?]()

    init(directory: String) {
        self.directory = directory
    }

    /// The path of a file from the root, without links to folders; `nil` if its folder does not exist.
    mutating func resolved(_ path: String) -> [UInt8]? {
        let parent = path.lastIndex(of: "/").map { path[...$0] } ?? path.prefix(0)
        let name = path[parent.endIndex...]
        let absolute = parent.hasPrefix("/") ? String(parent) : "\(directory)/\(parent)"
        let folder = folders[parent] ?? PathKind.resolved(absolute)
        folders[parent] = folder
        return folder.map { Array("\($0)/\(name)".utf8) }
    }
}
