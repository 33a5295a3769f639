import CLIPArrow
import CLIPCore
import CLIPTesting
import TestSupport
import Testing

/// A repair keeps every sound row of a damaged part, also if it is interrupted.
@Suite struct SoundRowTests {
    private static let part = "part-00000.parquet"
    private static let images = (0..<6000).map { StoreScenario.Image(id: "image-\($0)", version: "1") }
    /// Row groups have this many rows, and one page of vectors each.
    private static let rowsPerGroup = 4096

    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    /// Writes a part of two row groups.
    private func store(_ images: [StoreScenario.Image]) async throws -> StoreScenario {
        var scenario = StoreScenario(folder: folder.path)
        scenario.rowsPerPart = 10_000
        let writer = try scenario.writer()
        try await writer.append(StoreScenario.block(images))
        try await writer.finish(.complete)
        return scenario
    }

    /// Writes such a part, and damages a vector in the second row group.
    private func damagedStore() async throws -> StoreScenario {
        let scenario = try await store(Self.images)
        try damage(StoreScenario.vector(Self.images[5000]), in: Self.part) { $0 ^= 1 }
        return scenario
    }

    /// Changes the last byte of a vector's first value.
    private func damage(_ vector: [Float], in name: String, _ change: (inout UInt8) -> Void) throws {
        try damage(vector.withUnsafeBytes { Array($0) }, in: name, change)
    }

    /// Changes the fourth of some bytes, where they occur first.
    private func damage(_ sought: [UInt8], in name: String, _ change: (inout UInt8) -> Void) throws {
        var bytes = try FileBytes.read("\(folder.path)/\(name)")
        let position = try #require(
            bytes.indices.dropLast(sought.count).first { bytes[$0..<$0 + sought.count].elementsEqual(sought) }
        )
        change(&bytes[position + 3])
        try folder.write(bytes, to: name)
    }

    /// The ids in the list of the last repair that wrote one.
    private func listedIDs() throws -> [String] {
        let lists = (1...9).compactMap { try? FileBytes.read("\(folder.path)/damaged/\($0)/images.csv") }
        let lines = String(decoding: try #require(lists.last), as: UTF8.self).split(separator: "\r\n").dropFirst()
        return lines.map { String($0.prefix { $0 != "," }) }
    }

    @Test func soundRowsOfADamagedPartStay() async throws {
        let scenario = try await damagedStore()
        let damaged = try FileBytes.read("\(folder.path)/\(Self.part)")
        let repair = try StoreRepair.run(path: folder.path)
        #expect(repair.files.map(\.soundCount) == [Self.rowsPerGroup])
        #expect(repair.files.first?.lostIDs == Self.images[Self.rowsPerGroup...].map(\.id))
        #expect(try scenario.contents() == StoreScenario.contents(Array(Self.images[..<Self.rowsPerGroup])))
        #expect(try FileBytes.read("\(folder.path)/damaged/1/\(Self.part)") == damaged)
    }

    /// In both columns, a row group has one page.
    @Test(arguments: [("image-2000", 0), ("version-2000", Self.rowsPerGroup)])
    func aPageOfAnotherColumnCostsNoRowOfTheNextRowGroup(damaged text: String, listedCount: Int) async throws {
        let images = (0..<6000).map { StoreScenario.Image(id: "image-\($0)", version: "version-\($0)") }
        let scenario = try await store(images)
        try damage(Array(text.utf8), in: Self.part) { $0 ^= 1 }
        let repair = try StoreRepair.run(path: folder.path)
        #expect(repair.files.map(\.soundCount) == [6000 - Self.rowsPerGroup])
        #expect(repair.files.first?.lostIDs == images[..<listedCount].map(\.id))
        #expect(repair.unknownCount == Self.rowsPerGroup - listedCount)
        #expect(try scenario.contents() == StoreScenario.contents(Array(images[Self.rowsPerGroup...])))
    }

    /// The repair makes 23 changes, 16 of which write blocks of 256 rows.
    @Test(arguments: [0, 1, 2] + Array(16..<25))
    func anInterruptedRepairLosesNoSoundRow(changes: Int) async throws {
        let scenario = try await damagedStore()
        let failing = Failure(.crash, afterChanges: changes)
        _ = try? StoreRepair.run(path: folder.path, files: failing.files)
        _ = try StoreRepair.run(path: folder.path)
        #expect(try DamagedFile.all(store: folder.path).isEmpty)
        #expect(try scenario.contents() == StoreScenario.contents(Array(Self.images[..<Self.rowsPerGroup])))
        #expect(try listedIDs() == Self.images[Self.rowsPerGroup...].map(\.id))
        #expect(try !StoreInfo(path: folder.path).isComplete)
    }

    /// The fixture is another program's part, without checksums.
    @Test func aVectorOfAnotherLengthCostsItsOwnRow() throws {
        try folder.write(try FileBytes.read(Fixture.path("vectors/plain.parquet")), to: Self.part)
        var blocks = [EmbeddingBlock]()
        try ParquetStore(path: folder.path).forEachBlock(rows: 100) { blocks.append($0) }
        let sound = try #require(blocks.first)
        // Others also occur across two vectors, because of their zeros.
        try damage(sound.embeddings[row: 0], in: Self.part) { $0 = 0x44 }
        let repair = try StoreRepair.run(path: folder.path)
        #expect(repair.files.first?.reason.contains("has length") == true)
        #expect(repair.files.map(\.lostIDs) == [[sound.ids[0]]] && repair.unknownCount == 0)
        var kept = [String]()
        try ParquetStore(path: folder.path).forEachBlock(rows: 100) { kept += $0.ids }
        #expect(kept == blocks.flatMap(\.ids).filter { $0 != sound.ids[0] })
    }
}
