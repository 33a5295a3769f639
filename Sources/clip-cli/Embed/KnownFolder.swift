internal import CLIPArrow
internal import CLIPCore
internal import CLIPPipeline

/// A folder of images, and how their ids begin.
///
/// Paths are compared by their bytes: folders whose names Unicode composes differently are different folders.
struct KnownFolder: Equatable {
    /// Without links, and without a slash at the end.
    let path: [UInt8]
    let prefix: [UInt8]

    /// Whether files of another folder may have ids of this one, or be files of this one.
    func mayShareImages(with other: KnownFolder) -> Bool {
        guard path != other.path else { return false }
        return prefix.starts(with: other.prefix) || other.prefix.starts(with: prefix)
            || id(of: other.path) != nil || other.id(of: path) != nil
    }

    /// The id of a file; `nil` if it is not in the folder.
    func id(of file: [UInt8]) -> [UInt8]? {
        guard file.starts(with: path), file.dropFirst(path.count).first == UInt8(ascii: "/") else { return nil }
        return prefix + file.dropFirst(path.count + 1)
    }

    /// Where the file with an id would be; `nil` if no file of the folder has it.
    func file(withID id: [UInt8]) -> [UInt8]? {
        id.starts(with: prefix) ? path + [UInt8(ascii: "/")] + id.dropFirst(prefix.count) : nil
    }
}

extension SourceRecord {
    /// The folders among the sources.
    var folders: [KnownFolder] {
        sources.compactMap { source in
            guard ImageLocations.scheme(of: source) == nil else { return nil }
            let path = source.hasPrefix("/") ? source : "\(directory)/\(source)"
            guard (try? PathKind(path)) == .folder, let folder = PathKind.resolved(path) else { return nil }
            // The images of tables are not called after their folder.
            guard (try? tableFiles(path)) == nil else { return nil }
            return KnownFolder(path: Array(folder.utf8), prefix: Array(idPrefix(source).utf8))
        }
    }
}
