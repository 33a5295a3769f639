import CLIPArrow
import CLIPCore
import CLIPPipeline
import CLIPTesting
import Testing

@Suite struct ParquetStoreTests {
    private let folder: TemporaryFolder
    private let model = ModelDescription.stub(dimension: 16)

    private var tenRows: ParquetStoreWriter.Options {
        var options = ParquetStoreWriter.Options()
        options.rowsPerPart = 10
        return options
    }

    init() throws {
        folder = try TemporaryFolder()
    }

    private func block(_ ids: [String]) throws -> EmbeddingBlock {
        let encoder = StubImageEncoder(dimension: model.embeddingDimension)
        let values = try ids.flatMap { try encoder.vector(for: $0.utf8) }
        return EmbeddingBlock(
            ids: ids,
            embeddings: EmbeddingMatrix(dimension: model.embeddingDimension, values: values)
        )
    }

    private func files() async throws -> [String] {
        var iterator = try FolderSource(path: folder.path, options: .init(includesAllFiles: true)).makeIterator()
        var names = [String]()
        while let file = try await iterator.next() {
            names.append(file.id)
        }
        return names
    }

    @Test func theStoreKeepsTheContract() async throws {
        let path = folder.path + "/new/store"
        try await Conformance.checkStore(model: model) {
            try ParquetStoreWriter(path: path, provenance: Provenance(model))
        } reader: {
            try ParquetStore(path: path)
        }
    }

    @Test func rowsRollOverIntoNewPartsAndComeBackInOrder() async throws {
        let writer = try ParquetStoreWriter(path: folder.path, provenance: Provenance(model), options: tenRows)
        let ids = (0..<35).map { "image-\($0)" }
        for start in stride(from: 0, to: 35, by: 7) {
            try await writer.append(block(Array(ids[start..<start + 7])))
        }
        try await writer.finish(.complete)
        #expect(
            try await files() == [
                "part-00000.parquet", "part-00001.parquet", "part-00002.parquet", "part-00003.parquet",
                "rejects.parquet",
            ]
        )
        #expect(try ParquetStore(path: folder.path + "/part-00000.parquet").count == 10)
        let store = try ParquetStore(path: folder.path)
        #expect(store.count == 35)
        #expect(store.isComplete)
        var found = [String]()
        try store.forEachBlock(rows: 7) { found += $0.ids }
        #expect(found == ids)
    }

    @Test func aFinishedPartIsThereBeforeTheRunEndsAndAnUnfinishedOneIsNot() async throws {
        let writer = try ParquetStoreWriter(path: folder.path, provenance: Provenance(model), options: tenRows)
        try await writer.append(block((0..<10).map(String.init)))
        try await writer.append(block(["11"]))
        #expect(try await files() == ["part-00000.parquet", "rejects.parquet"])
        let store = try ParquetStore(path: folder.path)
        #expect(store.count == 10)
        #expect(!store.isComplete)
    }

    @Test func aRunThatFailuresEverythingLeavesAReadableStore() async throws {
        let writer = try ParquetStoreWriter(path: folder.path, provenance: Provenance(model))
        try await writer.recordFailure(FailedImage(id: "a", stage: .decode, reason: "damaged"))
        try await writer.finish(.complete)
        #expect(try ParquetStore(path: folder.path).count == 0)
    }

    @Test func aSecondRunIsKeptOutWhileTheFirstGoesOn() async throws {
        let first = try ParquetStoreWriter(path: folder.path, provenance: Provenance(model))
        try await first.append(block(["a"]))
        let error = #expect(throws: CLIPError.self) {
            try ParquetStoreWriter(path: folder.path, provenance: Provenance(model))
        }
        #expect(error?.message.contains("Another run is writing") == true)
        try await first.finish(.complete)
        #expect(try ParquetStore(path: folder.path).count == 1)
    }

    @Test func onlyTheStoresOwnLeftoversAreRemoved() async throws {
        try folder.write([1], to: ".notes.tmp")
        try folder.write([1], to: ".part-00000.parquet.77.tmp")
        try folder.write([1], to: ".rejects.parquet.00c0ffee00c0ffee.tmp")
        let writer = try ParquetStoreWriter(path: folder.path, provenance: Provenance(model))
        try await writer.finish(.complete)
        #expect(folder.names() == [".notes.tmp", "part-00000.parquet", "rejects.parquet"])
    }

    @Test func partsOfDifferentModelsAreRefused() async throws {
        let other = folder.path + "/other"
        for (path, model) in [(folder.path, model), (other, ModelDescription.stub(size: 9, dimension: 16))] {
            let writer = try ParquetStoreWriter(path: path, provenance: Provenance(model))
            try await writer.append(block(["a"]))
            try await writer.finish(.complete)
        }
        try folder.write(FileBytes.read(other + "/part-00000.parquet"), to: "part-00001.parquet")
        let error = #expect(throws: CLIPError.self) { try ParquetStore(path: folder.path) }
        #expect(error?.code == .modelMismatch)
    }

    @Test func aFolderWithoutEmbeddingsIsAnError() {
        let error = #expect(throws: CLIPError.self) { try ParquetStore(path: folder.path) }
        #expect(error?.code == .notFound)
    }

    @Test(arguments: [0, 1, 4, 100, 1000])
    func aTruncatedPartIsAnErrorThatNamesIt(bytes: Int) async throws {
        let writer = try ParquetStoreWriter(path: folder.path, provenance: Provenance(model))
        try await writer.append(block((0..<50).map(String.init)))
        try await writer.finish(.complete)
        let part = try FileBytes.read(folder.path + "/part-00000.parquet")
        try folder.write(Array(part.prefix(bytes)), to: "part-00000.parquet")
        let error = #expect(throws: CLIPError.self) { try ParquetStore(path: folder.path) }
        #expect(error?.code == .corruptData)
        #expect(error?.message.contains("part-00000.parquet") == true)
    }

    @Test func anotherParquetFileIsNoEmbeddingsFile() throws {
        let path = folder.path + "/part-00000.parquet"
        try folder.write(Array("not a table".utf8), to: "part-00000.parquet")
        let error = #expect(throws: CLIPError.self) { try ParquetStore(path: path) }
        #expect(error?.code == .corruptData)
    }

    @Test func anIDThatIsTwiceInABlockIsRefusedAndTheRunGoesOn() async throws {
        let writer = try ParquetStoreWriter(path: folder.path, provenance: Provenance(model), options: tenRows)
        try await writer.append(block(["a"]))
        let ids = (0..<15).map(String.init) + ["3"]
        let error = await #expect(throws: CLIPError.self) { try await writer.append(block(ids)) }
        #expect(error?.code == .invalidEmbeddings)
        #expect(error?.message.hasPrefix("\(folder.path): two vectors of a block have the id '3'") == true)
        try await writer.append(block(["b"]))
        let other = EmbeddingBlock(ids: ["a"], embeddings: try block(["another"]).embeddings)
        try await writer.append(other)
        try await writer.finish(.complete)
        let store = try ParquetStore(path: folder.path)
        #expect(store.count == 2)
        #expect(try store.vectors(for: ["a", "b"]) == [other.embeddings[row: 0], block(["b"]).embeddings[row: 0]])
    }

    @Test(arguments: [1, 2, 7, 100])
    func blocksThatAreReadLaterAndInAnyOrderHoldTheSame(rows: Int) async throws {
        let writer = try ParquetStoreWriter(path: folder.path, provenance: Provenance(model), options: tenRows)
        try await writer.append(block((0..<25).map(String.init)))
        try await writer.finish(.complete)
        let store = try ParquetStore(path: folder.path, includesOrigins: true)
        var blocks = [EmbeddingBlock]()
        var pending = [PendingBlock]()
        try store.forEachBlock(rows: rows) { blocks.append($0) }
        try store.forEachPendingBlock(rows: rows) { pending.append($0) }
        #expect(pending.map(\.ids) == blocks.map(\.ids))
        #expect(try pending.reversed().map { try $0.read() } == blocks.reversed())
    }

    @Test func blocksAndVectorsOfImagesAreThoseOfTheStore() async throws {
        let writer = try ParquetStoreWriter(path: folder.path, provenance: Provenance(model), options: tenRows)
        let stored = try block((0..<25).map { "\($0).jpg" })
        try await writer.append(stored)
        try await writer.finish(.complete)
        let store = try ParquetStore(path: folder.path)
        var ids = [String]()
        for try await block in store.blocks(rows: 4) { ids += block.ids }
        #expect(ids == stored.ids)
        let vectors = try store.vectors(for: ["24.jpg", "gone.jpg", "3.jpg"])
        #expect(vectors == [stored.embeddings[row: 24], nil, stored.embeddings[row: 3]])
    }

    @Test func vectorsOfAboutUnitLengthAreNormalizedAndOthersKeepTheirBits() async throws {
        var values = [Float]()
        let exact = try block(["a", "b"]).embeddings
        // Equal directions, with the lengths that other programs leave.
        for length in [1, 0.9995, 1.005, 1.000_002] as [Float] { values += exact[row: 0].map { $0 * length } }
        let writer = try ParquetStoreWriter(path: folder.path, provenance: Provenance(model))
        let matrix = EmbeddingMatrix(dimension: exact.dimension, values: values + exact[row: 1])
        try await writer.append(EmbeddingBlock(ids: ["0", "1", "2", "3", "4"], embeddings: matrix))
        try await writer.finish(.complete)
        var read = EmbeddingMatrix(dimension: exact.dimension)
        try ParquetStore(path: folder.path).forEachBlock(rows: 10) { read.append(contentsOf: $0.embeddings) }
        try #require(read.count == 5)
        #expect(read[row: 0] == exact[row: 0] && read[row: 4] == exact[row: 1])
        for row in 1..<4 {
            // What `duplicates --threshold 1` compares, with its tolerance.
            let product = zip(read[row: row], read[row: row]).reduce(0) { $0 + Double($1.0) * Double($1.1) }
            #expect(abs(product - 1) < 1e-6, "\(product)")
        }
    }
}
