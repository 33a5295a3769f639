/// Decides which files below a folder are offered as images, and which subfolders are walked.
///
/// Paths are relative to the walked folder, without a leading or trailing `/`.
package struct FileFilter: Sendable {
    private let includesAllFiles: Bool
    private let include: [GlobPattern]
    private let exclude: [GlobPattern]

    /// Creates a filter; ``FolderSource`` describes the parameters.
    package init(includesAllFiles: Bool, include: [GlobPattern], exclude: [GlobPattern]) {
        self.includesAllFiles = includesAllFiles
        self.include = include
        self.exclude = exclude
    }

    /// Whether a name, or the last component of a path or URI, has an image's extension.
    package static func isNamedLikeImage(_ path: ArraySlice<UInt8>) -> Bool {
        guard let dot = path.lastIndex(of: UInt8(ascii: ".")) else { return false }
        return FolderSource.imageExtensions.contains(String(decoding: path[(dot + 1)...], as: UTF8.self).lowercased())
    }

    /// Whether a file or folder with this name is always skipped, whatever the patterns say.
    static func isHidden(_ name: some Collection<UInt8>) -> Bool {
        name.first == UInt8(ascii: ".")
    }

    /// Whether a file is offered when its folders have not been tested, so that only its path is known.
    package func offersFile(inUntestedFoldersAt path: ArraySlice<UInt8>) -> Bool {
        let slash = UInt8(ascii: "/")
        let names = path.split(separator: slash, omittingEmptySubsequences: false)
        guard !names.contains(where: Self.isHidden) else { return false }
        let folders = path.indices.lazy.filter { path[$0] == slash }.map { path[..<$0] }
        return folders.allSatisfy(walksFolder) && offersFile(path)
    }

    /// Whether a path is excluded whether it is a file or a folder.
    func leavesOut(_ path: ArraySlice<UInt8>) -> Bool {
        !walksFolder(path) && !offersFile(path)
    }

    /// Whether a folder is walked.
    func walksFolder(_ path: ArraySlice<UInt8>) -> Bool {
        !exclude.contains { $0.matches(path, isFolder: true) }
    }

    /// Whether a file in a walked folder is offered.
    func offersFile(_ path: ArraySlice<UInt8>) -> Bool {
        if exclude.contains(where: { $0.matches(path, isFolder: false) }) { return false }
        let isOfKind = includesAllFiles || Self.isNamedLikeImage(path)
        guard !include.isEmpty else { return isOfKind }
        return include.contains { (isOfKind || $0.namesKind) && $0.matches(path, isFolder: false) }
    }
}
