internal import CLIPCore

/// The files in a folder of clip-retrieval: `img_emb/img_emb_N.npy` and `metadata/metadata_N.parquet`.
struct ClipRetrievalLayout {
    static let idColumn = "image_path"
    private static let embeddingsPrefix = "img_emb_"
    private static let metadataPrefix = "metadata_"

    let folder: String

    var embeddingsFolder: String { "\(folder)/img_emb" }
    var metadataFolder: String { "\(folder)/metadata" }

    /// The paths of file `number` of `count`, with as many digits as clip-retrieval uses.
    func paths(_ number: Int, of count: Int) -> (embeddings: String, metadata: String) {
        let digits = String(number)
        let filled = String(repeating: "0", count: max(0, String(count).utf8.count - digits.utf8.count)) + digits
        return (
            "\(embeddingsFolder)/\(Self.embeddingsPrefix)\(filled).npy",
            "\(metadataFolder)/\(Self.metadataPrefix)\(filled).parquet"
        )
    }

    /// Creates the folders, and removes unfinished files of a killed export; existing numbered files are an error.
    ///
    /// - Throws: `CLIPError` with code `storage`, also if the folder is a store.
    func createEmpty() throws {
        guard try !StoreLayout(folder: folder).holdsStore() else {
            throw CLIPError(.storage, "\(folder) holds a store of embeddings. Choose another folder.")
        }
        for (folder, prefix) in [(embeddingsFolder, Self.embeddingsPrefix), (metadataFolder, Self.metadataPrefix)] {
            try StoreLayout(folder: folder).create()
            let names = try Self.names(in: folder)
            guard !names.contains(where: { $0.hasPrefix(prefix) }) else {
                throw CLIPError(.storage, "\(folder) already holds files. Choose another folder, or remove it first.")
            }
            PendingFile.removeLeftovers(in: folder, names: names) { $0.hasPrefix(prefix) }
        }
    }

    /// The pairs of files in the folder, by number.
    ///
    /// - Throws: `CLIPError` with code `notFound` if there are none, or a number or one file of a pair is missing;
    ///   `corruptData` if a number occurs twice; `unreadable`.
    func pairs() throws -> [(embeddings: String, metadata: String)] {
        let embeddings = try numbered(in: embeddingsFolder, prefix: Self.embeddingsPrefix, suffix: ".npy")
        let metadata = try numbered(in: metadataFolder, prefix: Self.metadataPrefix, suffix: ".parquet")
        guard let last = Set(embeddings.keys).union(metadata.keys).max() else {
            throw CLIPError(.notFound, "There are no embeddings in \(embeddingsFolder): it has no img_emb_*.npy.")
        }
        var pairs = [(embeddings: String, metadata: String)]()
        // The numbers are untrusted: the loop ends at the first missing one, however large the last one is.
        for number in 0...last {
            guard let vectors = embeddings[number], let table = metadata[number] else {
                let folder = embeddings[number] == nil ? embeddingsFolder : metadataFolder
                throw CLIPError(
                    .notFound,
                    "\(folder) has no file number \(number); but its files have numbers up to \(last). Rows belong "
                        + "together by number: complete the folder, or export it again."
                )
            }
            pairs.append(("\(embeddingsFolder)/\(vectors)", "\(metadataFolder)/\(table)"))
        }
        return pairs
    }

    /// The names of files by their number.
    private func numbered(in folder: String, prefix: String, suffix: String) throws -> [Int: String] {
        var names = [Int: String]()
        for name in try Self.names(in: folder) where name.hasPrefix(prefix) && name.hasSuffix(suffix) {
            let digits = name.dropFirst(prefix.count).dropLast(suffix.count)
            guard digits.utf8.allSatisfy((UInt8(ascii: "0")...UInt8(ascii: "9")).contains), let number = Int(digits)
            else { continue }
            if let other = names.updateValue(name, forKey: number) {
                throw CLIPError(.corruptData, "\(folder) has two files number \(number): \(other) and \(name).")
            }
        }
        return names
    }

    private static func names(in folder: String) throws(CLIPError) -> [String] {
        do throws(SystemError) {
            return try FolderNames.list(Array(folder.utf8)).map { PathText.text($0[...]) }
        } catch {
            throw CLIPError(error.isNotFound ? .notFound : .unreadable, "Cannot read the folder \(folder): \(error).")
        }
    }
}
