internal import CLIPCore

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#elseif canImport(Darwin)
internal import Darwin
#endif

/// The folder of staged files, once the files that count are in the store.
struct StagingFolder {
    let layout: StoreLayout
    let files: StoreFiles

    /// Removes the manifest and the files that it lists, then the folder if it is empty; folders in it stay.
    ///
    /// - Parameters:
    ///   - manifest: The adopted files.
    ///   - removesOthers: Whether to remove all other files, too.
    /// - Returns: The number of other files.
    /// - Throws: `CLIPError` with code `storage`.
    func close(_ manifest: AdoptionManifest, removesOthers: Bool) throws -> Int {
        let own = Set(manifest.rejects.map(\.file))
        let names = try names().filter { "\(layout.staging)/\($0)" != layout.manifest }
        let others = names.filter { !own.contains($0) }
        if removesOthers {
            for name in others { try files.remove("\(layout.staging)/\(name)", in: layout.staging) }
        }
        // From here on the files count as adopted.
        try files.remove(layout.manifest, in: layout.staging)
        for name in names where own.contains(name) { try files.remove("\(layout.staging)/\(name)", in: layout.staging) }
        if rmdir(layout.staging) == 0 { try PendingFile.sync(folder: layout.folder) }
        return others.count
    }

    private func names() throws -> [String] {
        let names: [String]
        do throws(SystemError) {
            names = try FolderNames.list(Array(layout.staging.utf8)).map { PathText.text($0[...]) }
        } catch {
            throw CLIPError(.storage, "Cannot read the folder \(layout.staging): \(error).")
        }
        return names.filter { (try? PathKind("\(layout.staging)/\($0)")) != .folder }
    }
}
