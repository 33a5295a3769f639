import CLIPArrow
import CLIPCore
import CLIPTesting

/// A store of three parts, and a run over its source after images changed, came, went and were damaged.
struct StoreScenario {
    struct Image: Hashable {
        let id: String
        let version: String
        var isDamaged = false
    }

    static let model = ModelDescription.stub(dimension: 4)
    /// In the first run all are new.
    static let before = (0..<12).map { Image(id: "image-\($0)", version: "1") }
    /// 1, 5 and 6 changed, 3 is gone, 8 to 11 were damaged, 12 and 13 are new.
    static let after =
        (0..<14).filter { $0 != 3 }.map { number in
            Image(
                id: "image-\(number)",
                version: [1, 5, 6].contains(number) ? "2" : "1",
                isDamaged: (8...11).contains(number)
            )
        }

    let folder: String
    var rowsPerPart = 4
    var commitInterval = Duration.seconds(3600)

    func writer(_ files: StoreFiles = StoreFiles()) throws -> ParquetStoreWriter {
        var options = ParquetStoreWriter.Options()
        options.rowsPerPart = rowsPerPart
        options.commitInterval = commitInterval
        return try ParquetStoreWriter(
            path: folder,
            provenance: Provenance(Self.model),
            options: options,
            files: files
        )
    }

    /// Brings the store up to date with a source, as a run does.
    func run(_ images: [Image], files: StoreFiles = StoreFiles()) async throws {
        let writer = try writer(files)
        let stored = try await writer.storedImages()
        for image in images where !stored.isCurrent(image.id, version: image.version) || image.isDamaged {
            if image.isDamaged {
                try await writer.recordFailure(FailedImage(id: image.id, stage: .decode, reason: "damaged"))
            } else {
                try await writer.append(Self.block([image]))
            }
        }
        _ = try await writer.removeImages(notIn: ImageIDSet(images.map(\.id)))
        try await writer.finish(.complete)
    }

    /// Ids and vectors of the store; `nil` when an id is there twice.
    func contents() throws -> [String: [Float]]? {
        var contents = [String: [Float]]()
        var isUnique = true
        try ParquetStore(path: folder).forEachBlock(rows: 100) { block in
            for (row, id) in block.ids.enumerated() {
                isUnique = contents.updateValue(block.embeddings[row: row], forKey: id) == nil && isUnique
            }
        }
        return isUnique ? contents : nil
    }

    static func contents(_ images: [Image]) throws -> [String: [Float]] {
        Dictionary(uniqueKeysWithValues: try images.filter { !$0.isDamaged }.map { ($0.id, try vector($0)) })
    }

    static func block(_ images: [Image]) throws -> EmbeddingBlock {
        EmbeddingBlock(
            ids: images.map(\.id),
            embeddings: EmbeddingMatrix(
                dimension: model.embeddingDimension,
                values: try images.flatMap { try vector($0) }
            ),
            origins: images.map { ImageOrigin(version: $0.version) }
        )
    }

    static func vector(_ image: Image) throws -> [Float] {
        try StubImageEncoder(dimension: model.embeddingDimension).vector(for: (image.id + image.version).utf8)
    }
}
