import CLIPArrow
import CLIPCore
import CLIPTesting
import Testing

/// An interrupted compaction leaves parts beside their merger: if that is damaged, they have its rows.
@Suite struct MergerRepairTests {
    private static let merger = "part-00000-00002.parquet"
    private static let images = (0..<6000).map { StoreScenario.Image(id: "image-\($0)", version: "1") }
    private static let rowsPerPart = 2000

    private let folder: TemporaryFolder
    private let scenario: StoreScenario

    init() async throws {
        folder = try TemporaryFolder()
        var scenario = StoreScenario(folder: folder.path)
        scenario.rowsPerPart = Self.rowsPerPart
        self.scenario = scenario
        let writer = try scenario.writer()
        for start in stride(from: 0, to: Self.images.count, by: Self.rowsPerPart) {
            try await writer.append(StoreScenario.block(Array(Self.images[start..<start + Self.rowsPerPart])))
        }
        try await writer.finish(.complete)
    }

    /// Merges the three parts, and puts some of them back.
    private func compact(leaving parts: [Int]) throws {
        let names = parts.map { "part-0000\($0).parquet" }
        let left = try names.map { try FileBytes.read("\(folder.path)/\($0)") }
        try StoreCompaction.run(path: folder.path)
        for (name, bytes) in zip(names, left) { try folder.write(bytes, to: name) }
    }

    private func changeMerger(_ change: (inout [UInt8]) throws -> Void) throws {
        var bytes = try FileBytes.read("\(folder.path)/\(Self.merger)")
        try change(&bytes)
        try folder.write(bytes, to: Self.merger)
    }

    /// Damages the vectors of the merger's last row group: all of its images are of the last part.
    private func damageVectors() throws {
        let vector = try StoreScenario.vector(Self.images[5000]).withUnsafeBytes { Array($0) }
        try changeMerger { bytes in
            let position = try #require(
                bytes.indices.dropLast(vector.count).first { bytes[$0..<$0 + vector.count].elementsEqual(vector) }
            )
            bytes[position] ^= 1
        }
    }

    @Test(arguments: [[0, 1, 2], [0, 2], [2]]) func rowsInALeftPartAreNotLost(left: [Int]) throws {
        try compact(leaving: left)
        try damageVectors()
        let repair = try StoreRepair.run(path: folder.path)
        #expect(repair.files.map(\.name) == [Self.merger] && repair.files.map(\.soundCount) == [6000])
        #expect(repair.lostCount == 0 && repair.unknownCount == 0)
        #expect(try DamagedFile.all(store: folder.path).isEmpty)
        #expect(try scenario.contents() == StoreScenario.contents(Self.images))
    }

    @Test(arguments: [[], [0, 1]] as [[Int]]) func rowsThatNoLeftPartHasAreListed(left: [Int]) async throws {
        try compact(leaving: left)
        try damageVectors()
        let repair = try StoreRepair.run(path: folder.path)
        let lost = try #require(repair.files.first).lostIDs
        #expect((1000...Self.rowsPerPart).contains(lost.count) && repair.unknownCount == 0)
        #expect(lost == Self.images.suffix(lost.count).map(\.id))
        #expect(try scenario.contents() == StoreScenario.contents(Self.images.dropLast(lost.count)))
    }

    @Test(arguments: [[0, 1, 2], [0, 2]]) func aMergerWithoutAReadableFooterIsMadeAgain(left: [Int]) throws {
        try compact(leaving: left)
        try changeMerger { $0[$0.count - 20] ^= 1 }
        let repair = try StoreRepair.run(path: folder.path)
        #expect(repair.lostCount == 0 && repair.unknownCount == (left.count == 3 ? 0 : nil))
        let kept = left.flatMap { Self.images[$0 * Self.rowsPerPart..<($0 + 1) * Self.rowsPerPart] }
        #expect(try scenario.contents() == StoreScenario.contents(kept))
        #expect(try DamagedFile.all(store: folder.path).isEmpty)
    }
}
