internal import CLIPCore
internal import CLIPDigest

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#elseif canImport(Darwin)
internal import Darwin
#endif

/// A file of a manifest: in the folder of staged files, or already under its name in the store after an interruption.
struct StagedFile {
    /// The file as the manifest lists it.
    let entry: AdoptionManifest.File
    /// Where its task wrote it.
    let staged: String
    /// The part that it becomes; `nil` for a file of failed images, which stays.
    let part: PartName?
    /// Where it is.
    let path: String

    /// Finds a file.
    ///
    /// - Throws: `CLIPError` with code `notFound`, or `storage` if another file has the part's name.
    init(_ entry: AdoptionManifest.File, part: PartName?, layout: StoreLayout) throws {
        self.entry = entry
        self.part = part
        staged = "\(layout.staging)/\(entry.file)"
        let target = part.map(layout.path)
        let (here, there) = (FileIdentity(path: staged), target.flatMap(FileIdentity.init(path:)))
        switch (here, there) {
        case (nil, nil):
            throw CLIPError(.notFound, "\(staged) does not exist, but \(layout.manifest) lists it. Run the job again.")
        case (nil, _):
            path = target ?? staged
        case (_, nil):
            path = staged
        default:
            // A file system without a rename that keeps existing files makes a link first.
            guard here == there else {
                throw CLIPError(
                    .storage,
                    "\(layout.folder) already has \(part?.fileName ?? ""), which was not adopted from \(staged). "
                        + "Adopt into a folder without a store."
                )
            }
            path = staged
        }
    }

    /// Checks that the file is what its task wrote.
    ///
    /// - Returns: The open file.
    /// - Throws: `CLIPError` with code `corruptData`, or `unreadable`.
    func opened() throws -> ParquetFileReader {
        var hash = SHA256()
        try FileBytes.forEachChunk(bytesOfPath: Array(path.utf8)) { chunk, _ in hash.update(chunk) }
        let sha256 = hash.finish()
        guard sha256 == entry.sha256 else {
            throw problem("has the SHA-256 \(sha256), but its task wrote \(entry.sha256): it was damaged or replaced")
        }
        let file = try ParquetFileReader(path: path)
        guard file.rowCount == entry.rows else {
            throw problem("has \(file.rowCount) rows, but its task reported \(entry.rows)")
        }
        return file
    }

    /// An error about the file's contents.
    func problem(_ text: String) -> CLIPError {
        CLIPError(.corruptData, "\(path) \(text). Run the job again.")
    }

    /// Gives the file its name in the store, unless it has it.
    ///
    /// - Throws: `CLIPError` with code `storage`, or `conflict` if another run has written a part with that name.
    func move(_ layout: StoreLayout, files: StoreFiles) throws {
        guard let part, path == staged, let identity = FileIdentity(path: staged) else { return }
        let target = layout.path(part)
        try files.willMake(.rename, target)
        do throws(SystemError) {
            try ExclusiveRename.rename(staged, to: target, identity: identity)
        } catch {
            guard error.number == EEXIST else {
                throw CLIPError(.storage, "Cannot move \(staged) to \(target): \(error).")
            }
            guard FileIdentity(path: target) == identity else {
                throw StoreFiles.conflict(folder: layout.folder, "it has written \(target)")
            }
            try files.remove(staged, in: layout.staging)
        }
    }
}
