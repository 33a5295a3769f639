internal import CLIPCore

/// An image whose file is a link.
struct LinkedImage {
    let image: ArchiveImage
    let link: TarEntry
}

/// The images of an archive that is read in order whose files are links.
///
/// Their contents are earlier or later in the archive, which is read twice more: for finding out where they are, and for
/// reading them, in the archive's order. Without links it is not read at all.
struct LinkedFiles {
    private let contents: any ArchiveBytes
    private let maximumBytes: Int
    /// Images and their files, by the position of the file in the archive.
    private var found = [(image: LinkedImage, file: Result<TarEntry, CLIPError>)]()[...]

    /// - Parameters:
    ///   - images: The images, in the archive's order.
    ///   - index: The archive from the start.
    ///   - contents: The archive from the start, once more.
    ///   - maximumBytes: The size limit; a larger file cannot be read.
    init(_ images: [LinkedImage], index: any ArchiveBytes, contents: any ArchiveBytes, maximumBytes: Int) {
        self.contents = contents
        self.maximumBytes = maximumBytes
        var links = TarLinks(index)
        let files = images.map { image in
            (image: image, file: Result { () throws(CLIPError) in try links.target(of: image.link) })
        }
        func position(_ file: Result<TarEntry, CLIPError>) -> Int { (try? file.get())?.offset ?? -1 }
        found = files.sorted { position($0.file) < position($1.file) }[...]
    }

    /// All images of the next file, which share its bytes; empty at the end.
    mutating func next() -> [ImageReference] {
        guard let first = found.first else { return [] }
        let offset = (try? first.file.get())?.offset
        let same = found.prefix { (try? $0.file.get())?.offset == offset }
        found = found.dropFirst(same.count)
        let file = Result {
            try ArchiveMember(first.file.get(), of: contents, maximumBytes: maximumBytes)
        }
        return same.map { image, target in
            do {
                _ = try target.get()
                var member = try file.get()
                member.path = image.link.path
                return image.image.reference(to: member)
            } catch {
                let error = error as? CLIPError ?? CLIPError(.unreadable, "\(error)")
                return image.image.reference(
                    to: ArchiveMember(path: image.link.path, version: FileVersion.unknown, error: error)
                )
            }
        }
    }
}
