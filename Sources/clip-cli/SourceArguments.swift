internal import CLIPCore

/// The images that the arguments of `embed` name.
struct SourceArguments {
    let paths: [String]
    let lists: [String]
    let allFiles: Bool
    let maximumFileBytes: Int

    /// One source for all of them, and the number of its images.
    ///
    /// - Throws: ``CLIPError`` with code `notFound` when a path does not exist or there is no image at all.
    func source() async throws -> (source: any ImageSource, imageCount: Int) {
        var sources: [any ImageSource] = []
        for path in paths {
            switch try PathKind(path) {
            case .folder: sources.append(folder(path))
            case .file: sources.append(ListSource([path], maximumFileBytes: maximumFileBytes))
            }
        }
        for list in lists {
            let path = list == "-" ? "/dev/stdin" : list
            sources.append(try ListSource(contentsOf: path, maximumFileBytes: maximumFileBytes))
        }
        let source = CombinedSource(sources)
        let count = try await source.count()
        guard count > 0 else {
            let names = (paths + lists).joined(separator: ", ")
            let advice = allFiles ? "" : " Files are taken for images by their names; --all-files reads the others too."
            throw CLIPError(.notFound, "There are no images in \(names).\(advice)")
        }
        return (source, count)
    }

    /// With several sources, ids start with the folder, so that images of the same name in two folders stay apart.
    private func folder(_ path: String) -> FolderSource {
        let isOnlySource = paths.count + lists.count == 1
        let prefix = isOnlySource ? "" : path.hasSuffix("/") ? path : path + "/"
        return FolderSource(
            path,
            includesAllFiles: allFiles,
            maximumFileBytes: maximumFileBytes,
            idPrefix: prefix
        )
    }
}
