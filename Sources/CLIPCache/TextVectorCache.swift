package import CLIPCore

/// Vectors of texts in files of a folder, one file an encoder.
///
/// Files may be removed at any time; what is damaged or cannot be read counts as unknown, and that nothing can be written is no
/// error. Several processes may use a folder at once: they lose nothing but what they would have remembered.
package struct TextVectorCache: TextVectorStore {
    /// What all files of a folder may take unless another limit is given: 256 MiB, 130,000 vectors of 512 values.
    package static let defaultMaximumBytes = 256 << 20
    package static let suffix = ".vectors"

    /// Number of the way from a text to the encoder's input, which is part of a text's key.
    ///
    /// Raise it when a tokenizer or the cleaning of texts gives other token ids: vectors from before would hide the change.
    package static let textPathNumber = 1

    private let folder: String
    private let path: String
    private let encoder: [UInt8]
    private let dimension: Int
    private let maximumBytes: Int

    private var contentBytes: Int { dimension * MemoryLayout<Float>.stride }

    /// Remembers the vectors of one encoder.
    ///
    /// - Parameters:
    ///   - folder: Where; it is made when there is something to remember.
    ///   - encoder: All that a text's vector depends on but the text.
    ///   - dimension: Length of the vectors.
    ///   - maximumBytes: What all files of the folder may take.
    package init(folder: String, encoder: String, dimension: Int, maximumBytes: Int = Self.defaultMaximumBytes) {
        self.folder = folder
        self.encoder = Array("\(Self.textPathNumber) \(encoder)".utf8)
        let name = RecordKey(of: [self.encoder]).bytes.prefix(16).reduce(into: "") { name, byte in
            name += (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }
        self.path = "\(folder)/\(name)\(Self.suffix)"
        self.dimension = dimension
        self.maximumBytes = maximumBytes
    }

    package func vectors(of texts: [String]) -> [[Float]?] {
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
        precondition(vectors.dimension == dimension && vectors.count == texts.count, "there is one vector a text")
        var additions = [RecordKey: RecordFile.Addition]()
        for (row, text) in texts.enumerated() {
            let vector = vectors[row: row]
            // What is no use is not kept.
            guard vector.allSatisfy(\.isFinite) else { continue }
            let key = self.key(text)
            additions[key] = RecordFile.Addition(key: key, contents: vector.withUnsafeBytes { Array($0) })
        }
        if !additions.isEmpty { update(adding: Array(additions.values)) }
    }

    /// By bytes: a tokenizer may tell apart what Unicode calls equivalent.
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
