internal import CLIPCore

/// The files of a folder of clip-retrieval: `img_emb/img_emb_N.npy` beside `metadata/metadata_N.parquet`.
struct ClipRetrievalLayout {
    static let idColumn = "image_path"
    private static let embeddingsPrefix = "img_emb_"
    private static let metadataPrefix = "metadata_"

    let folder: String

    var embeddingsFolder: String { "\(folder)/img_emb" }
    var metadataFolder: String { "\(folder)/metadata" }

    /// Paths of file number `number` of `count`, which has as many digits as clip-retrieval gives it.
    func paths(_ number: Int, of count: Int) -> (embeddings: String, metadata: String) {
        let digits = String(number)
        let filled = String(repeating: "0", count: max(0, String(count).utf8.count - digits.utf8.count)) + digits
        return (
            "\(embeddingsFolder)/\(Self.embeddingsPrefix)\(filled).npy",
            "\(metadataFolder)/\(Self.metadataPrefix)\(filled).parquet"
        )
    }

    /// Creates the folders, which must hold no numbered files, and removes what a killed export left unfinished in them.
    ///
    /// - Throws: `CLIPError` with code `storage`, also when the folder is that of a store.
    func createEmpty() throws {
        guard try !StoreLayout(folder: folder).holdsStore() else {
            throw CLIPError(.storage, "\(folder) holds a store of embeddings. Choose another folder.")
        }
        for (folder, prefix) in [(embeddingsFolder, Self.embeddingsPrefix), (metadataFolder, Self.metadataPrefix)] {
            try StoreLayout(folder: folder).create()
            let names = try Self.names(in: folder)
            guard !names.contains(where: { $0.hasPrefix(prefix) }) else {
                throw CLIPError(.storage, "\(folder) holds files already. Choose another folder, or remove it first.")
            }
            PendingFile.removeLeftovers(in: folder, names: names) { $0.hasPrefix(prefix) }
        }
    }

    /// The pairs of files that are there, by their numbers.
    ///
    /// - Throws: `CLIPError` with code `notFound` when there are none, or one of a pair or a number is missing;
    ///   `corruptData` when a number occurs twice; `unreadable`.
    func pairs() throws -> [(embeddings: String, metadata: String)] {
        let embeddings = try numbered(in: embeddingsFolder, prefix: Self.embeddingsPrefix, suffix: ".npy")
        let metadata = try numbered(in: metadataFolder, prefix: Self.metadataPrefix, suffix: ".parquet")
        guard let last = Set(embeddings.keys).union(metadata.keys).max() else {
            throw CLIPError(.notFound, "There are no embeddings in \(embeddingsFolder): it has no img_emb_*.npy.")
        }
        var pairs = [(embeddings: String, metadata: String)]()
        // The numbers come from outside: the first that is missing ends the loop, however large the last one is.
        for number in 0...last {
            guard let vectors = embeddings[number], let table = metadata[number] else {
                let folder = embeddings[number] == nil ? embeddingsFolder : metadataFolder
                throw CLIPError(
                    .notFound,
                    "\(folder) has no file number \(number); numbers go up to \(last) there and beside it. Rows belong "
                        + "together by number: complete the folder, or write it again."
                )
            }
            pairs.append(("\(embeddingsFolder)/\(vectors)", "\(metadataFolder)/\(table)"))
        }
        return pairs
    }

    /// Names of files by the number in them.
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
