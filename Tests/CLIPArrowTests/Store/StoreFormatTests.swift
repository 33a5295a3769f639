import CLIPArrow
import CLIPCore
import CLIPTesting
import Testing

@Suite struct StoreFormatTests {
    private let folder: TemporaryFolder
    private let model = ModelDescription.stub(dimension: 64)

    init() throws {
        folder = try TemporaryFolder()
    }

    private func block(_ ids: [String], values: [[ColumnValue]] = []) throws -> EmbeddingBlock {
        let encoder = StubImageEncoder(dimension: model.embeddingDimension)
        return EmbeddingBlock(
            ids: ids,
            embeddings: EmbeddingMatrix(
                dimension: model.embeddingDimension,
                values: try ids.flatMap { try encoder.vector(for: $0.utf8) }
            ),
            origins: values.enumerated().map {
                ImageOrigin(version: $0 == 1 ? nil : "v\($0)", contentHash: $0 == 2 ? nil : "h\($0)", values: $1)
            }
        )
    }

    @Test func columnsOfTheSourceComeBackWithTheirGaps() async throws {
        let names = ["label", "year", "score", "checked"]
        let columns = zip(names, SourceColumn.Kind.allCases).map { SourceColumn($0, $1) }
        let rows: [[ColumnValue]] = [
            [.text("cat"), .integer(-7), .number(0.5), .boolean(true)],
            [.missing, .missing, .missing, .missing],
            [.text(""), .integer(.max), .number(-.infinity), .boolean(false)],
        ]
        let written = try block((0..<30).map(String.init), values: (0..<30).map { rows[$0 % 3] })
        let writer = try ParquetStoreWriter(path: folder.path, provenance: Provenance(model), columns: columns)
        try await writer.append(written)
        try await writer.finish(.complete)

        let store = try ParquetStore(path: folder.path, includesOrigins: true)
        #expect(store.columns == columns)
        for rows in [7, 100] {
            var origins = [ImageOrigin]()
            try store.forEachBlock(rows: rows) { origins += $0.origins }
            #expect(origins == written.origins)
        }
    }

    @Test func whatIsWrongWithAFileIsKeptAndCounted() async throws {
        let plain = try block(["a", "b", "c", "d"])
        let written = EmbeddingBlock(
            ids: plain.ids,
            embeddings: plain.embeddings,
            origins: [nil, "no end", nil, "no end"].map {
                ImageOrigin(version: nil, contentHash: nil, values: [], damage: $0)
            }
        )
        let writer = try ParquetStoreWriter(path: folder.path, provenance: Provenance(model))
        try await writer.append(written)
        try await writer.finish(.complete)
        #expect(try StoreInfo(path: folder.path).damageReasons.map(\.count) == [2])

        // The rest of a part that is rewritten.
        _ = try await writer.removeImages(notIn: ImageIDSet(["a", "b"]))
        try await writer.finish(.complete)
        var damage = [String?]()
        try ParquetStore(path: folder.path, includesOrigins: true).forEachBlock(rows: 9) {
            damage += $0.origins.map(\.damage)
        }
        #expect(damage == [nil, "no end"])
        #expect(try StoreInfo(path: folder.path).damageReasons.map(\.reason) == ["no end"])
    }

    @Test func rowsThatAreRewrittenKeepTheirColumns() async throws {
        let columns = [SourceColumn("label", .text)]
        let written = try block(["a", "b", "c"], values: [[.text("x")], [.missing], [.text("z")]])
        for run in 0..<2 {
            let writer = try ParquetStoreWriter(
                path: folder.path,
                provenance: Provenance(model),
                columns: columns
            )
            if run == 0 { try await writer.append(written) }
            if run == 1 { #expect(try await writer.removeImages(notIn: ImageIDSet(["a", "c"])) == 1) }
            try await writer.finish(.complete)
        }
        let sample = try ParquetStore(path: folder.path, includesOrigins: true).sample(count: 5, seed: 1)
        #expect(sample.ids == ["a", "c"])
        #expect(sample.origins == [written.origins[0], written.origins[2]])
        #expect(sample.embeddings[row: 1] == written.embeddings[row: 2])
    }

    @Test func sixteenBitVectorsAreRoundedOnceAndOfUnitLength() async throws {
        var options = ParquetStoreWriter.Options()
        options.elementType = .float16
        let written = try block((0..<50).map(String.init))
        for keep in [50, 40] {
            let writer = try ParquetStoreWriter(
                path: folder.path,
                provenance: Provenance(model),
                options: options
            )
            if keep == 50 { try await writer.append(written) }
            _ = try await writer.removeImages(notIn: ImageIDSet((0..<keep).map(String.init)))
            try await writer.finish(.complete)
        }
        let store = try ParquetStore(path: folder.path)
        #expect(store.elementType == .float16)
        var expected = EmbeddingMatrix(
            dimension: 64,
            values: written.embeddings.values.prefix(40 * 64).map { HalfFloat.value(HalfFloat.bits($0)) }
        )
        try expected.normalizeRows()
        var found = [Float]()
        try store.forEachBlock(rows: 100) { found += $0.embeddings.values }
        #expect(found == expected.values)
    }

    #if !(os(macOS) && arch(x86_64))
    @Test func halfFloatsAreThoseOfTheProcessor() {
        let patterns = UInt16.min...UInt16.max
        #expect(
            patterns.allSatisfy {
                let value = HalfFloat.value($0)
                return value.isNaN ? Float16(bitPattern: $0).isNaN : value == Float(Float16(bitPattern: $0))
            }
        )
        // Every half float, the point between it and the next, and the floats beside that point.
        let floats = patterns.map { HalfFloat.value($0) }.filter { $0.isFinite }
        let between = zip(floats, floats.dropFirst()).map { ($0 + $1) / 2 } + [65_520, -65_520, 1e30, -.infinity]
        let probes = floats + between + between.map(\.nextUp) + between.map(\.nextDown)
        #expect(probes.allSatisfy { HalfFloat.bits($0) == Float16($0).bitPattern })
        #expect(HalfFloat.value(HalfFloat.bits(.nan)).isNaN)
    }
    #endif

    @Test func aSampleIsReproducibleWithoutRepetitionAndCoversTheStore() async throws {
        var options = ParquetStoreWriter.Options()
        options.rowsPerPart = 30
        let writer = try ParquetStoreWriter(path: folder.path, provenance: Provenance(model), options: options)
        let all = try block((0..<100).map(String.init))
        try await writer.append(all)
        try await writer.finish(.complete)
        let store = try ParquetStore(path: folder.path)
        let sample = try store.sample(count: 20, seed: 7)
        #expect(Set(sample.ids).count == 20)
        #expect(try store.sample(count: 20, seed: 7) == sample)
        #expect(try store.sample(count: 20, seed: 8).ids != sample.ids)
        #expect(try store.sample(count: 1000, seed: 7).ids == all.ids)
        for (row, id) in sample.ids.enumerated() {
            #expect(sample.embeddings[row: row] == all.embeddings[row: try #require(Int(id))])
        }
    }

    @Test func aStoreSaysWhatItHolds() async throws {
        let writer = try ParquetStoreWriter(path: folder.path, provenance: Provenance(model))
        try await writer.append(block(["a", "b"]))
        for id in ["one.jpg", "two.jpg"] {
            let reason = "/photos/\(id): premature end after \(id.utf8.count * 100) bytes"
            try await writer.recordFailure(FailedImage(id: id, stage: .decode, reason: reason, byteCount: 3))
        }
        try await writer.recordFailure(FailedImage(id: "x", stage: .limit, reason: "too large"))
        try await writer.finish(.complete)
        let info = try StoreInfo(path: folder.path)
        #expect(info.rowCount == 2)
        #expect(info.partCount == 1)
        #expect(info.byteCount == (try FileBytes.read(folder.path + "/part-00000.parquet")).count)
        #expect(info.provenance == Provenance(model))
        #expect(info.elementType == .float32)
        #expect(info.isComplete)
        #expect(info.failuresByStage == [.decode: 2, .limit: 1])
        #expect(info.failureReasons.map(\.reason) == ["…: premature end after N bytes", "too large"])
    }

    @Test func compactionKeepsTheOrderAndFillsParts() async throws {
        var options = ParquetStoreWriter.Options()
        options.rowsPerPart = 10
        let ids = (0..<95).map(String.init)
        let writer = try ParquetStoreWriter(path: folder.path, provenance: Provenance(model), options: options)
        try await writer.append(block(ids))
        try await writer.finish(.complete)
        let result = try StoreCompaction.run(path: folder.path, rowsPerPart: 40)
        #expect(result.partsBefore == 10)
        #expect(result.partsAfter == 3)
        #expect(result.bytesAfter < result.bytesBefore)
        #expect(
            folder.names() == [
                "part-00000-00003.parquet", "part-00004-00007.parquet", "part-00008-00009.parquet", "rejects.parquet",
            ]
        )
        var found = [String]()
        try ParquetStore(path: folder.path).forEachBlock(rows: 64) { found += $0.ids }
        #expect(found == ids)

        let next = try ParquetStoreWriter(path: folder.path, provenance: Provenance(model), options: options)
        try await next.append(block(["0", "new"]))
        try await next.finish(.complete)
        #expect(folder.names().contains("part-00010.parquet"))
        #expect(try ParquetStore(path: folder.path).count == 96)
    }
}
