package import CLIPCore

/// Caches text vectors in a folder, with one file per encoder, and one for each long list of texts.
///
/// Files may be removed at any time. Damaged or unreadable data counts as missing, and failing to write is not an
/// error. Several processes may share a folder; at worst, an entry is not cached.
package struct TextVectorCache: TextVectorStore {
    /// The default size limit of all files in the folder: 256 MiB, or 130,000 vectors of 512 values.
    package static let defaultMaximumBytes = 256 << 20
    package static let suffix = ".vectors"
    /// The default size limit of all long lists: 1 GiB, or 500,000 vectors of 512 values.
    package static let defaultMaximumBytesOfLists = 1 << 30
    /// The number of texts from which a list has a file of its own, so that adding a vocabulary neither rewrites the
    /// other vectors nor displaces them.
    package static let longList = 1024

    /// The version of the processing from text to encoder input, which is part of a text's key.
    ///
    /// Increment it when a tokenizer or text cleaning produces different token ids, so that older vectors are not
    /// reused.
    package static let textPathNumber = 1

    private let folder: String
    private let path: String
    private let encoder: [UInt8]
    private let dimension: Int
    private let maximumBytes: Int
    private let lists: TextListCache

    private var contentBytes: Int { dimension * MemoryLayout<Float>.stride }

    /// Creates a cache for one encoder.
    ///
    /// - Parameters:
    ///   - folder: The folder, which is created when there is something to store.
    ///   - encoder: Identifies everything that a text's vector depends on besides the text.
    ///   - dimension: The length of the vectors.
    ///   - maximumBytes: The maximum size of all files in the folder, without those of long lists.
    ///   - maximumBytesOfLists: The maximum size of the files of long lists.
    package init(
        folder: String,
        encoder: String,
        dimension: Int,
        maximumBytes: Int = Self.defaultMaximumBytes,
        maximumBytesOfLists: Int = Self.defaultMaximumBytesOfLists
    ) {
        self.folder = folder
        self.encoder = Array("\(Self.textPathNumber) \(encoder)".utf8)
        self.path = "\(folder)/\(RecordKey(of: [self.encoder]).fileName)\(Self.suffix)"
        self.dimension = dimension
        self.maximumBytes = maximumBytes
        lists = TextListCache(
            folder: "\(folder)/lists",
            encoder: self.encoder,
            dimension: dimension,
            maximumBytes: maximumBytesOfLists
        )
    }

    package func vectors(of texts: [String]) -> [[Float]?] {
        guard texts.count < Self.longList else {
            let list = lists.vectors(of: texts)
            return texts.indices.map { index in list?[row: index] }
        }
        let file = RecordFile(path: path, contentBytes: contentBytes)
        var used = [RecordKey]()
        let vectors = texts.map { text -> [Float]? in
            let key = self.key(text)
            guard let row = file.row(of: key), let contents = file.contents(row: row) else { return nil }
            if !file.isUsedToday(row: row) { used.append(key) }
            return Self.vector(contents)
        }
        if !used.isEmpty { update(used: used) }
        return vectors
    }

    package func remember(_ vectors: EmbeddingMatrix, of texts: [String]) {
        precondition(vectors.dimension == dimension && vectors.count == texts.count, "there must be a vector per text")
        guard texts.count < Self.longList else { return lists.remember(vectors, of: texts) }
        var additions = [RecordKey: RecordFile.Addition]()
        for (row, text) in texts.enumerated() {
            let vector = vectors[row: row]
            // Do not cache unusable vectors.
            guard vector.allSatisfy(\.isFinite) else { continue }
            let key = self.key(text)
            additions[key] = RecordFile.Addition(key: key, contents: vector.withUnsafeBytes { Array($0) })
        }
        if !additions.isEmpty { update(adding: Array(additions.values)) }
    }

    /// Hash the bytes: a tokenizer may distinguish texts that Unicode considers equivalent.
    private func key(_ text: String) -> RecordKey {
        RecordKey(of: [encoder, Array(text.utf8)])
    }

    private static func vector(_ bytes: [UInt8]) -> [Float] {
        bytes.withUnsafeBytes { bytes in
            (0..<bytes.count / MemoryLayout<Float>.stride).map {
                bytes.loadUnaligned(fromByteOffset: $0 * MemoryLayout<Float>.stride, as: Float.self)
            }
        }
    }

    private func update(adding additions: [RecordFile.Addition] = [], used: [RecordKey] = []) {
        CacheFolder.create(folder)
        let isWritten = try? RecordFile.update(
            path,
            contentBytes: contentBytes,
            maximumBytes: maximumBytes,
            adding: additions,
            used: used
        )
        guard isWritten == true else { return }
        CacheFolder.trim(folder, suffix: Self.suffix, keeping: path, maximumBytes: maximumBytes)
    }
}
