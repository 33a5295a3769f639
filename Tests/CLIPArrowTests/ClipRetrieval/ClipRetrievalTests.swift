import CLIPArrow
import CLIPCore
import CLIPTesting
import TestSupport
import Testing

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

@Suite struct ClipRetrievalTests {
    private let folder: TemporaryFolder
    private let provenance = Provenance(.stub(dimension: 16))

    init() throws {
        folder = try TemporaryFolder()
    }

    private func read(_ path: String) throws -> EmbeddingBlock {
        try read(ClipRetrievalStore(path: path, provenance: provenance))
    }

    private func read(_ store: ClipRetrievalStore) throws -> EmbeddingBlock {
        var blocks = [EmbeddingBlock]()
        try store.forEachBlock(rows: 100) { blocks.append($0) }
        return EmbeddingBlock(
            ids: blocks.flatMap(\.ids),
            embeddings: EmbeddingMatrix(dimension: 16, values: blocks.flatMap(\.embeddings.values)),
            origins: blocks.flatMap(\.origins)
        )
    }

    /// A copy of the folder that clip-retrieval's way of writing made, to be spoiled.
    private func copy() throws -> String {
        for name in ["img_emb/img_emb_0.npy", "img_emb/img_emb_1.npy", "metadata/metadata_0.parquet"]
            + ["metadata/metadata_1.parquet"]
        {
            try folder.write(try FileBytes.read(Fixture.path("clip-retrieval/\(name)")), to: name)
        }
        return folder.path
    }

    private func failure(_ path: String) throws -> CLIPError {
        try #require(throws: CLIPError.self) { try read(path) }
    }

    @Test func aFolderOfClipRetrievalIsReadWithItsColumns() throws {
        let path = Fixture.path("clip-retrieval")
        let block = try read(path)
        #expect(block.ids == (0..<6).map { "\($0).jpg" })
        #expect(block.origins.map { $0.values[1] } == (0..<6).map { .integer(100 + $0) })
        #expect(block.origins[0].values[0] == .text("a cat") && block.origins[1].values[0] == .missing)
        // Normalised in 32-bit floats, so that only their own rounding is left.
        #expect((0..<6).allSatisfy { abs(block.embeddings.norm(row: $0) - 1) < 1e-6 })
        let columns = try ClipRetrievalStore(path: path, provenance: provenance).columns
        #expect(columns == [SourceColumn("caption", .text), SourceColumn("width", .integer)])
    }

    @Test func anotherColumnMayHoldTheIDs() throws {
        func store(_ idColumn: String) throws -> ClipRetrievalStore {
            let path = Fixture.path("clip-retrieval")
            return try ClipRetrievalStore(path: path, provenance: provenance, idColumn: idColumn, carriedColumns: [])
        }
        #expect(try read(store("width")).ids == (100..<106).map(String.init))
        let error = #expect(throws: CLIPError.self) { try store("no-such") }
        #expect(error?.code == .notFound && error?.message.contains("no-such") == true)
    }

    /// The source has blocks of 3 rows, so that files end within blocks, with them and after the last.
    @Test(arguments: [1, 2, 4, 6, 7])
    func whatIsWrittenIsReadAsItWas(_ rowsPerFile: Int) throws {
        let source = try ClipRetrievalStore(path: Fixture.path("clip-retrieval"), provenance: provenance)
        let writer = ClipRetrievalWriter(path: folder.path, columns: source.columns, rowsPerFile: rowsPerFile)
        try writer.write(source)
        let (old, new) = (try read(Fixture.path("clip-retrieval")), try read(folder.path))
        #expect(new.ids == old.ids && new.origins == old.origins)
        // A value below 1 is rounded to 11 bits, by at most 2⁻¹² of it, twice.
        #expect(zip(new.embeddings.values, old.embeddings.values).allSatisfy { abs($0 - $1) <= 0x1p-11 })
        let files = (6 + rowsPerFile - 1) / rowsPerFile
        #expect(Set(folder.names(in: "img_emb")) == Set((0..<files).map { "img_emb_\($0).npy" }))
    }

    @Test func anEmptyStoreIsWrittenAsOneEmptyFile() throws {
        let empty = MemoryStore(
            provenance: provenance,
            block: EmbeddingBlock(ids: [], embeddings: EmbeddingMatrix(dimension: 16))
        )
        try ClipRetrievalWriter(path: folder.path).write(empty)
        #expect(try ClipRetrievalStore(path: folder.path, provenance: provenance).count == 0)
    }

    @Test func anImageWithoutValuesHasNoneInTheMetadata() throws {
        let store = MemoryStore(
            provenance: provenance,
            block: EmbeddingBlock(
                ids: ["a"],
                embeddings: EmbeddingMatrix(dimension: 16, values: [1] + .zeros(15)),
                origins: [ImageOrigin()]
            )
        )
        try ClipRetrievalWriter(path: folder.path, columns: [SourceColumn("caption", .text)]).write(store)
        #expect(try read(folder.path).origins.map(\.values) == [[.missing]])
    }

    @Test func aFolderThatHoldsEmbeddingsIsNotOverwritten() throws {
        let source = try ClipRetrievalStore(path: Fixture.path("clip-retrieval"), provenance: provenance)
        let path = try copy()
        let error = try #require(throws: CLIPError.self) { try ClipRetrievalWriter(path: path).write(source) }
        #expect(error.code == .storage && error.message.contains("img_emb"))
    }

    @Test(arguments: ["img_emb/img_emb_0.npy", "metadata/metadata_1.parquet"])
    func aMissingFileIsNamedByItsNumber(_ name: String) throws {
        let path = try copy()
        try #require(unlink("\(path)/\(name)") == 0)
        let error = try failure(path)
        #expect(error.code == .notFound && error.message.contains("number \(name.contains("0") ? 0 : 1)"))
    }

    @Test(arguments: ["4000000000000", "9223372036854775807"])
    func aHugeFileNumberIsAMissingFile(_ number: String) throws {
        let path = try copy()
        try #require(rename("\(path)/img_emb/img_emb_1.npy", "\(path)/img_emb/img_emb_\(number).npy") == 0)
        let error = try failure(path)
        #expect(error.code == .notFound && error.message.contains("number 1;"))
    }

    @Test func whatAKilledExportLeftIsRemoved() throws {
        for name in [".img_emb_0.npy.7.tmp", ".other.tmp"] { try folder.write([1], to: "img_emb/\(name)") }
        try folder.write([1], to: "metadata/.metadata_0.parquet.00c0ffee00c0ffee.tmp")
        let source = try ClipRetrievalStore(path: Fixture.path("clip-retrieval"), provenance: provenance)
        try ClipRetrievalWriter(path: folder.path).write(source)
        #expect(Set(folder.names(in: "img_emb")) == ["img_emb_0.npy", ".other.tmp"])
        #expect(folder.names(in: "metadata") == ["metadata_0.parquet"])
    }

    @Test func aStoreIsNotExportedIntoAStore() async throws {
        try await StoreScenario(folder: folder.path).run(StoreScenario.before)
        let names = folder.names()
        let store = try ParquetStore(path: folder.path)
        let error = #expect(throws: CLIPError.self) { try ClipRetrievalWriter(path: folder.path).write(store) }
        #expect(error?.code == .storage && error?.message.contains("holds a store of embeddings") == true)
        #expect(folder.names() == names)
    }

    @Test func filesOfDifferentNumbersOfRowsAreRefused() throws {
        let path = try copy()
        try ClipRetrievalWriter(path: path + "/one").write(
            MemoryStore(
                provenance: provenance,
                block: EmbeddingBlock(ids: ["a"], embeddings: EmbeddingMatrix(dimension: 16, values: [1] + .zeros(15)))
            )
        )
        try #require(rename("\(path)/one/img_emb/img_emb_0.npy", "\(path)/img_emb/img_emb_1.npy") == 0)
        let error = try failure(path)
        #expect(error.code == .corruptData && error.message.contains("1 rows") && error.message.contains("3"))
    }

    /// Little-endian 16-bit floats: not a number, 2, and 0.
    @Test(arguments: [[0x00, 0x7E], [0x00, 0x40], [0x00, 0x00]] as [[UInt8]])
    func aVectorThatIsNotOfLengthOneIsNamedByFileAndRow(_ value: [UInt8]) throws {
        let path = try copy()
        var bytes = try FileBytes.read("\(path)/img_emb/img_emb_1.npy")
        // 128 bytes of header; row 2 starts after two rows of 16 values.
        for index in 0..<16 { bytes.replaceSubrange(128 + 64 + 2 * index..<128 + 66 + 2 * index, with: value) }
        try folder.write(bytes, to: "img_emb/img_emb_1.npy")
        let error = try failure(path)
        #expect(error.code == .invalidEmbeddings && error.message.contains("img_emb_1.npy: the vector of row 3"))
    }

    @Test func aTruncatedMatrixIsRefused() throws {
        let path = try copy()
        let bytes = try FileBytes.read("\(path)/img_emb/img_emb_1.npy")
        for length in 0..<bytes.count {
            try folder.write(Array(bytes[..<length]), to: "img_emb/img_emb_1.npy")
            #expect(try failure(path).message.contains("img_emb_1.npy"), "\(length) bytes")
        }
    }

    @Test(arguments: [("'<f2'", "'<f8'"), ("False", "True "), ("(3, 16)", "(48,) ")])
    func anotherTypeOrderOrShapeIsRefused(_ change: (String, String)) throws {
        let path = try copy()
        let bytes = try FileBytes.read("\(path)/img_emb/img_emb_0.npy")
        let header = String(decoding: bytes[10..<128], as: UTF8.self).replacing(change.0, with: change.1)
        try folder.write(Array(bytes[..<10]) + Array(header.utf8) + bytes[128...], to: "img_emb/img_emb_0.npy")
        #expect(try failure(path).code == .unsupportedFormat)
    }

    @Test(arguments: ["(0, 4611686018427387904)", "(4611686018427387904, 16)"])
    func aShapeThatNoFileCanHaveIsRefused(_ shape: String) throws {
        let path = try copy()
        let bytes = try FileBytes.read("\(path)/img_emb/img_emb_0.npy")
        let header = String(decoding: bytes[10..<128], as: UTF8.self).replacing("(3, 16)", with: shape)
        let start = Array(bytes[..<10])
        try folder.write(start + Array(header.utf8.prefix(118)) + bytes[128...], to: "img_emb/img_emb_0.npy")
        let error = try failure(path)
        #expect(error.code == .corruptData && error.message.contains("img_emb_0.npy"))
    }

    /// Versions 2.0 and 3.0 have four bytes for the header's length.
    @Test(arguments: [2, 3] as [UInt8])
    func laterVersionsOfTheFormatAreRead(_ version: UInt8) throws {
        let path = try copy()
        let bytes = try FileBytes.read("\(path)/img_emb/img_emb_0.npy")
        let start: [UInt8] = Array(bytes[..<6]) + [version, 0, bytes[8], bytes[9], 0, 0]
        try folder.write(start + bytes[10...], to: "img_emb/img_emb_0.npy")
        #expect(try read(path) == read(Fixture.path("clip-retrieval")))
    }

    @Test func anImportedStoreHoldsTheSame() async throws {
        let source = try ClipRetrievalStore(path: Fixture.path("clip-retrieval"), provenance: provenance)
        let path = folder.path + "/store"
        let writer = try ParquetStoreWriter(path: path, provenance: provenance, columns: source.columns)
        #expect(try await writer.importEmbeddings(from: source) == 6)
        try await writer.finish(.complete)
        var block: EmbeddingBlock?
        try ParquetStore(path: path, includesOrigins: true).forEachBlock(rows: 100) { block = $0 }
        #expect(try block == read(Fixture.path("clip-retrieval")))
    }

    @Test func twoVectorsOfOneIDAreNotImported() async throws {
        let twice = MemoryStore(
            provenance: provenance,
            block: EmbeddingBlock(
                ids: ["a", "a"],
                embeddings: EmbeddingMatrix(dimension: 16, values: [1] + .zeros(15) + [1] + .zeros(15))
            )
        )
        let writer = try ParquetStoreWriter(path: folder.path + "/store", provenance: provenance)
        let error = await #expect(throws: CLIPError.self) { try await writer.importEmbeddings(from: twice) }
        #expect(error?.message.contains("'a'") == true)
    }
}

extension [Float] {
    fileprivate static func zeros(_ count: Int) -> [Float] { [Float](repeating: 0, count: count) }
}
