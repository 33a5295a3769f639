internal import CLIPArrow
internal import CLIPCore
internal import CLIPPipeline

/// A folder of images, and how their ids begin.
///
/// Paths are compared by their bytes: folders whose names Unicode composes differently are different folders.
struct KnownFolder: Hashable {
    /// Without links, and without a slash at the end; for a folder of an object store, its URI.
    let path: [UInt8]
    let prefix: [UInt8]

    /// Whether it is a folder of this machine.
    var isLocal: Bool { path.first == UInt8(ascii: "/") }

    /// Whether files of another folder may have ids of this one.
    func mayShareIDs(with other: KnownFolder) -> Bool {
        path != other.path && (prefix.starts(with: other.prefix) || other.prefix.starts(with: prefix))
    }

    /// Whether one of two folders is inside the other.
    func mayShareFiles(with other: KnownFolder) -> Bool {
        id(of: other.path) != nil || other.id(of: path) != nil
    }

    /// Whether another folder is inside this one, and its files have other ids there.
    func doubles(_ other: KnownFolder) -> Bool {
        id(of: other.path).map { $0 + [UInt8(ascii: "/")] != other.prefix } ?? false
    }

    /// The id of a file; `nil` if it is not in the folder.
    func id(of file: [UInt8]) -> [UInt8]? {
        guard file.starts(with: path), file.dropFirst(path.count).first == UInt8(ascii: "/") else { return nil }
        return prefix + file.dropFirst(path.count + 1)
    }

    /// Where the file with an id would be; `nil` if no file of the folder has it.
    func file(withID id: [UInt8]) -> [UInt8]? {
        let name = id.dropFirst(prefix.count)
        // A path from the root is no name in a folder.
        guard id.starts(with: prefix), name.first != UInt8(ascii: "/") else { return nil }
        return path + [UInt8(ascii: "/")] + name
    }
}

extension SourceRecord {
    /// The folders among the sources.
    var folders: [KnownFolder] { [self].folders }

    /// Where relative paths of lists and single files begin; `nil` if there are none.
    var startOfPaths: [UInt8]? {
        let namesFiles = sources.contains { source in
            !source.hasPrefix("/") && ImageLocations.scheme(of: source) == nil
                && FileFilter.isNamedLikeImage(Array(source.utf8)[...])
        }
        guard namesFiles || !lists.isEmpty else { return nil }
        return PathKind.resolved(directory).map { Array($0.utf8) }
    }

    /// The path of a folder without links, or the URI of one in an object store; `nil` for other and missing sources.
    fileprivate func folderPath(_ source: String) -> [UInt8]? {
        guard let scheme = ImageLocations.scheme(of: source) else {
            let path = source.hasPrefix("/") ? source : "\(directory)/\(source)"
            // The images of tables are not called after their folder.
            guard (try? PathKind(path)) == .folder, (try? tableFiles(path)) == nil else { return nil }
            return PathKind.resolved(path).map { Array($0.utf8) }
        }
        switch scheme {
        case "file":
            guard let bytes = try? FileURI.path(source), let path = String(validating: bytes, as: UTF8.self),
                (try? PathKind(path)) == .folder
            else { return nil }
            return PathKind.resolved(path).map { Array($0.utf8) }
        case "s3":
            guard !FileFilter.isNamedLikeImage(Array(source.utf8)[...]), !Self.isArchive(source) else { return nil }
            var uri = Array(LocationSecrets.publicText(of: source).utf8)
            while uri.last == UInt8(ascii: "/") { uri.removeLast() }
            return uri
        default: return nil
        }
    }
}

extension [SourceRecord] {
    /// The folders among the sources, each of which is looked at once, however many records have it.
    var folders: [KnownFolder] {
        var paths = [[UInt8]: [UInt8]?]()
        var folders = [KnownFolder]()
        for record in self {
            for source in record.sources {
                let names = [record.directory, source, "\(record.allFiles)"] + record.include + [""] + record.exclude
                let key = [UInt8](names.joined(separator: "\0").utf8)
                let path: [UInt8]? = paths[key] ?? record.folderPath(source)
                paths.updateValue(path, forKey: key)
                guard let path else { continue }
                folders.append(KnownFolder(path: path, prefix: [UInt8](record.idPrefix(source).utf8)))
            }
        }
        return folders
    }
}
