internal import CLIPArrow
internal import CLIPCore
internal import CLIPPipeline

/// The images that a store has from folders, lists and single files of earlier runs.
struct KnownImages {
    let folders: [KnownFolder]
    /// The folders at which relative paths of earlier lists and single files began.
    let starts: [[UInt8]]
    let store: String
    let storedImages: () throws -> StoredImages
    private let foldersByPath: [[UInt8]: [KnownFolder]]
    private var read: StoredImages?

    init(
        folders: [KnownFolder],
        starts: [[UInt8]],
        store: String,
        storedImages: @escaping () throws -> StoredImages
    ) {
        self.folders = folders
        self.starts = starts
        self.store = store
        self.storedImages = storedImages
        foldersByPath = Dictionary(grouping: folders, by: \.path)
    }

    /// Whether files of a folder may be known under another id, or others under their ids.
    func mayHaveFiles(of folder: KnownFolder) -> Bool {
        // Whoever has embedded a folder under these ids may do so again.
        !folders.contains(folder) && folders.contains { $0.mayShareImages(with: folder) }
    }

    /// Requires that the store does not have a file under another id, or another file of a folder under its id.
    ///
    /// Copies with the same size and time are the same file, and a file whose image is current replaces nothing. A file that
    /// does not exist fails on its own.
    ///
    /// - Parameters:
    ///   - file: The path without links, or a URI.
    ///   - id: The id that the file would have.
    /// - Throws: `CLIPError` with code `storage`; what reading the images throws.
    mutating func requireNew(_ file: [UInt8], id: String) throws {
        let idBytes = Array(id.utf8)
        for folder in foldersAround(file) {
            guard let bytes = folder.id(of: file), bytes != idBytes else { continue }
            let known = String(decoding: bytes, as: UTF8.self)
            let images = try images()
            if images.contains(known), !images.contains(id), !Self.isMissing(file) {
                throw doubled(file, known: known, id: id)
            }
        }
        guard try mayReplace(file, id: id) else { return }
        for folder in folders {
            guard let other = folder.file(withID: idBytes), other != file, Self.differ(file, other) else { continue }
            throw replaced(other, by: file, id: id)
        }
    }

    /// The folders that a file is inside of.
    private func foldersAround(_ file: [UInt8]) -> [KnownFolder] {
        file.indices.filter { file[$0] == UInt8(ascii: "/") }.flatMap { foldersByPath[Array(file[..<$0])] ?? [] }
    }

    /// Whether an image under this id was made from another file, or from an earlier state of this one.
    private mutating func mayReplace(_ file: [UInt8], id: String) throws -> Bool {
        let images = try images()
        return images.contains(id) && !images.isCurrent(id, version: FileVersion.read(bytesOfPath: file))
    }

    /// Requires that a path does not lead to another file than in the folder where an earlier run began.
    ///
    /// - Parameters:
    ///   - file: The path without links, or a URI.
    ///   - id: The path as given.
    /// - Throws: `CLIPError` with code `storage`; what reading the images throws.
    mutating func requireSameStart(_ file: [UInt8], id: String) throws {
        guard !id.hasPrefix("/"), ImageLocations.scheme(of: id) == nil else { return }
        let idBytes = Array(id.utf8)
        guard !starts.isEmpty, try mayReplace(file, id: id) else { return }
        for start in starts {
            let other = start + [UInt8(ascii: "/")] + idBytes
            guard other != file, Self.differ(file, other) else { continue }
            // It may be known from a folder.
            guard !folders.contains(where: { $0.file(withID: idBytes) == file }) else { continue }
            throw replaced(other, by: file, id: id)
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

    private mutating func images() throws -> StoredImages {
        let images = try read ?? storedImages()
        read = images
        return images
    }

    /// Whether a file of this machine does not exist.
    private static func isMissing(_ file: [UInt8]) -> Bool {
        file.first == UInt8(ascii: "/") && FileVersion.read(bytesOfPath: file) == FileVersion.unknown
    }

    /// Whether both are files, and the second is not a copy of the first.
    private static func differ(_ file: [UInt8], _ other: [UInt8]) -> Bool {
        guard !isMissing(file), (try? PathKind(PathText.text(other[...]))) == .file else { return false }
        return FileVersion.read(bytesOfPath: other) != FileVersion.read(bytesOfPath: file)
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
