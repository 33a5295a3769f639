internal import CLIPCore

/// The images that the arguments of `embed` name.
struct SourceArguments {
    let paths: [String]
    let lists: [String]
    let allFiles: Bool

    /// One source for all of them.
    ///
    /// - Throws: ``CLIPError`` with code `notFound` when a path does not exist or there is no image at all.
    func source() async throws -> any ImageSource {
        var sources = [any ImageSource]()
        for path in paths {
            switch try PathKind(path) {
            case .folder: sources.append(FolderSource(path, includesAllFiles: allFiles))
            case .file: sources.append(ListSource([path]))
            }
        }
        for list in lists {
            sources.append(try ListSource(contentsOf: list))
        }
        let source = CombinedSource(sources)
        guard try await source.count() > 0 else {
            let names = (paths + lists).joined(separator: ", ")
            let advice = allFiles ? "" : " Files are taken for images by their names; --all-files reads the others too."
            throw CLIPError(.notFound, "There are no images in \(names).\(advice)")
        }
        return source
    }
}
