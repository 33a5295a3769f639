internal import CLIPArrow
internal import CLIPCore
internal import CLIPPipeline

/// The images that a store has from folders, lists and single files of earlier runs.
struct KnownImages {
    private let folders: [KnownFolder]
    /// The folders, and those at which relative paths of earlier lists and single files began.
    private let places: [KnownFolder]
    private let store: String
    private let comparison: FileComparison
    private let storedImages: () throws -> StoredImages
    private let foldersByPath: [[UInt8]: [KnownFolder]]
    private var read: StoredImages?

    init(
        folders: [KnownFolder],
        starts: [[UInt8]],
        store: String,
        comparison: FileComparison,
        storedImages: @escaping () throws -> StoredImages
    ) {
        self.folders = folders
        places = folders + starts.map { KnownFolder(path: $0, prefix: []) }
        self.store = store
        self.comparison = comparison
        self.storedImages = storedImages
        foldersByPath = Dictionary(grouping: folders, by: \.path)
    }

    /// Whether files of a folder may have ids of others.
    func mayReplaceFiles(by folder: KnownFolder) -> Bool {
        places.contains { $0.mayShareIDs(with: folder) }
    }

    /// Requires that the store does not have a file under another id.
    ///
    /// A file that does not exist fails on its own.
    ///
    /// - Parameters:
    ///   - file: The path without links, or a URI.
    ///   - id: The id that the file would have.
    /// - Throws: `CLIPError` with code `storage`; what reading the images throws.
    mutating func requireNoOtherID(of file: [UInt8], id: String) throws {
        let idBytes = Array(id.utf8)
        for folder in foldersAround(file) {
            guard let bytes = folder.id(of: file), bytes != idBytes else { continue }
            let known = String(decoding: bytes, as: UTF8.self)
            let images = try images()
            if images.contains(known), !images.contains(id), !Self.isMissing(file) {
                throw doubled(file, known: known, id: id)
            }
        }
    }

    /// The folders that a file is inside of.
    private func foldersAround(_ file: [UInt8]) -> [KnownFolder] {
        file.indices.filter { file[$0] == UInt8(ascii: "/") }.flatMap { foldersByPath[Array(file[..<$0])] ?? [] }
    }

    /// Requires that a file does not replace another one, of another folder or start, under its id.
    ///
    /// A file that the store has replaces nothing; copies with the same size and time are the same file. Where an earlier
    /// run had the file's own folder or start, its image may have changed since: then the store must have the other file.
    /// Elsewhere it is enough that there is one.
    ///
    /// - Parameters:
    ///   - file: The path without links to folders, or a URI.
    ///   - id: The id that the file would have.
    /// - Throws: `CLIPError` with code `storage`; what reading the images throws.
    mutating func requireNoOtherFile(than file: [UInt8], id: String) throws {
        let idBytes = Array(id.utf8)
        let named = places.lazy.compactMap { $0.file(withID: idBytes) }
        guard named.contains(where: { $0 != file }) else { return }
        let images = try images()
        guard images.contains(id) else { return }
        let version = FileVersion.read(bytesOfPath: file)
        guard version != FileVersion.unknown else { return }
        guard comparison.comparesContent || !images.isCurrent(id, version: version) else { return }
        let files = Array(named.filter { (try? PathKind(PathText.text($0[...]))) == .file })
        let others = files.filter { !Self.isSame($0, file) }
        guard !others.isEmpty, !comparison.isStored(file, as: id, in: images) else { return }
        let isKnown = others.count < files.count
        for other in others {
            let replaces =
                isKnown
                ? comparison.isStored(other, as: id, in: images)
                : comparison.comparesContent || FileVersion.read(bytesOfPath: other) != version
            if replaces { throw replaced(other, by: file, id: id) }
        }
    }

    /// Whether two paths lead to the same file.
    private static func isSame(_ path: [UInt8], _ other: [UInt8]) -> Bool {
        if path == other { return true }
        guard let identity = FileIdentity(path: PathText.text(path[...])) else { return false }
        return identity == FileIdentity(path: PathText.text(other[...]))
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
                + "\(PathText.text(file[...])) would replace it. Use another store or, if one is a copy that takes the "
                + "place of the other, remove the other. --allow-new-ids replaces images."
        )
    }

    private mutating func images() throws -> StoredImages {
        let images = try read ?? storedImages()
        read = images
        return images
    }

    /// Whether a file of this machine does not exist.
    private static func isMissing(_ file: [UInt8]) -> Bool {
        file.first == UInt8(ascii: "/") && FileVersion.read(bytesOfPath: file) == FileVersion.unknown
    }
}

/// The places of files, whose folders' links are resolved once for each folder.
struct FilePlaces {
    let directory: String
    /// By their bytes: folders whose names Unicode composes differently are different folders.
    private var folders = [[UInt8]: [UInt8]?]()

    init(directory: String) {
        self.directory = directory
    }

    /// The path of a file from the root, without links to folders; of a file elsewhere, its URI; `nil` if its folder
    /// does not exist.
    mutating func resolved(_ name: String) -> [UInt8]? {
        let location = ImageLocations.withoutBlanks(name)
        let path: [UInt8]
        switch ImageLocations.scheme(of: location) {
        case nil: path = Array(location.utf8)
        case "file":
            guard let bytes = try? FileURI.path(location) else { return nil }
            path = bytes
        default: return Array(location.utf8)
        }
        let start = path.lastIndex(of: UInt8(ascii: "/")).map { $0 + 1 } ?? 0
        return folder(Array(path[..<start])).map { $0 + [UInt8(ascii: "/")] + path[start...] }
    }

    private mutating func folder(_ name: [UInt8]) -> [UInt8]? {
        if let known = folders[name] { return known }
        let absolute = name.first == UInt8(ascii: "/") ? name : Array(directory.utf8) + [UInt8(ascii: "/")] + name
        let folder = PathKind.resolved(String(decoding: absolute, as: UTF8.self)).map { Array($0.utf8) }
        folders.updateValue(folder, forKey: name)
        return folder
    }
}
