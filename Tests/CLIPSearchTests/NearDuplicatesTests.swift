import CLIPCore
import CLIPSearch
import CLIPTesting
import Testing

@Suite struct NearDuplicatesTests {
    private func search(
        _ store: some EmbeddingReader,
        threshold: Float,
        heldVectors: Int = 1000,
        maximumPairs: Int = 1_000_000
    ) throws -> [DuplicateGroup] {
        let options = NearDuplicates.Options(
            threshold: threshold,
            maximumPairs: maximumPairs,
            heldBytes: heldVectors * store.provenance.dimension * 4
        )
        return try NearDuplicates(options: options).run(store)
    }

    /// The pairs of a store and the groups that they make, one by one.
    private func bruteForce(_ vectors: EmbeddingMatrix, threshold: Double) -> (pairs: Int, groups: Set<[Int]>) {
        var pairs = 0
        var group = Array(0..<vectors.count)
        for first in 0..<vectors.count {
            for second in first + 1..<vectors.count where vectors.product(first, vectors, second) >= threshold {
                pairs += 1
                let (old, new) = (group[second], group[first])
                group = group.map { $0 == old ? new : $0 }
            }
        }
        let groups = Dictionary(grouping: group.indices) { group[$0] }.values.filter { $0.count > 1 }
        return (pairs, Set(groups))
    }

    /// Held at once, in parts, and one at a time; in even and in uneven blocks.
    @Test(arguments: [1000, 64, 33, 1])
    func pairsAndGroupsAreThoseOfComparingOneByOne(heldVectors: Int) throws {
        var random = RandomVectors(seed: 4)
        let vectors = try random.matrix(200, dimension: 4)
        let store = MemoryStore(vectors)
        // No cosine lies so near to 0.95 that rounding decides.
        let expected = bruteForce(vectors, threshold: 0.95)
        #expect(expected.pairs > 100 && expected.groups.count > 5)
        let uneven = UnevenStore(all: store, sizes: [3, 50, 1])
        func search(_ store: some EmbeddingReader, maximumPairs: Int) throws -> [DuplicateGroup] {
            try self.search(store, threshold: 0.95, heldVectors: heldVectors, maximumPairs: maximumPairs)
        }
        for groups in [
            try search(store, maximumPairs: expected.pairs),
            try search(uneven, maximumPairs: expected.pairs),
        ] {
            #expect(Set(groups.map { $0.members.compactMap { Int($0.id) } }) == expected.groups)
            #expect(groups.map(\.members.count) == groups.map(\.members.count).sorted(by: >))
        }
        #expect(throws: CLIPError.self) { try search(store, maximumPairs: expected.pairs - 1) }
        #expect(throws: CLIPError.self) { try search(uneven, maximumPairs: expected.pairs - 1) }
    }

    /// Tiles have 1024 rows: pairs within one, and with the first and last row of others.
    @Test func copiesAreFoundAcrossTheBordersOfBlocks() throws {
        var random = RandomVectors(seed: 5)
        let vectors = try random.matrix(3000, dimension: 32)
        var values = vectors.values
        let copies = [(0, 1), (1023, 1024), (5, 2047), (2048, 2999), (1024, 2050)]
        for (source, copy) in copies {
            for column in 0..<32 { values[copy * 32 + column] = values[source * 32 + column] }
        }
        let store = MemoryStore(EmbeddingMatrix(dimension: 32, values: values))
        let expected = [["1023", "1024", "2050"], ["0", "1"], ["5", "2047"], ["2048", "2999"]]
        for held in [5000, 1500, 1024] {
            let groups = try search(store, threshold: 0.999, heldVectors: held)
            #expect(groups.map { $0.members.map(\.id) } == expected)
            #expect(groups.allSatisfy { $0.members.allSatisfy { $0.cosine > 0.999 } })
        }
    }

    @Test func aChainIsOneGroupThoughItsEndsAreFarApart() throws {
        // Steps of 20°: neighbours have a cosine of 0.94, the ends one of 0.5.
        let angles = [40.0, 0, 60, 20, 180]
        let cosines: [Double: Float] = [0: 1, 20: 0.93969, 40: 0.76604, 60: 0.5, 180: -1]
        let sines: [Double: Float] = [0: 0, 20: 0.34202, 40: 0.64279, 60: 0.86603, 180: 0]
        let values = angles.flatMap { [cosines[$0] ?? .nan, sines[$0] ?? .nan] }
        let groups = try search(MemoryStore(EmbeddingMatrix(dimension: 2, values: values)), threshold: 0.9)
        #expect(groups.map { $0.members.map(\.id) } == [["0", "1", "2", "3"]])
        #expect(groups[0].representative == "0" && groups[0].members[0].cosine == 1)
        // The sines and cosines above have five digits.
        #expect(abs(groups[0].members[1].cosine - 0.76604) < 1e-4)
    }

    @Test func equalVectorsReachAThresholdOfOne() throws {
        var random = RandomVectors(seed: 6)
        let some = try random.matrix(50, dimension: 384)
        var twice = some
        twice.append(contentsOf: some)
        let groups = try search(MemoryStore(twice), threshold: 1)
        #expect(groups.count == 50)
    }

    @Test(arguments: [0, 1, 2])
    func imagesThatAreUnlikeMakeNoGroup(count: Int) throws {
        let vectors = EmbeddingMatrix(dimension: 2, values: Array([1, 0, 0, 1].prefix(2 * count)))
        let groups = try search(MemoryStore(vectors), threshold: 0.5)
        #expect(groups.isEmpty)
    }

    @Test func tooManyPairsAreAnErrorThatSaysWhatToDo() throws {
        let same = EmbeddingMatrix(dimension: 1, values: [Float](repeating: 1, count: 10))
        var options = NearDuplicates.Options()
        options.maximumPairs = 44
        let error = #expect(throws: CLIPError.self) {
            try NearDuplicates(options: options).run(MemoryStore(same))
        }
        #expect(error?.code == .limitExceeded && error?.message.contains("Raise the threshold") == true)
        options.maximumPairs = 45
        #expect(try NearDuplicates(options: options).run(MemoryStore(same)).map(\.members.count) == [10])
    }

    @Test(arguments: [1000, 30])
    func progressEndsWhenAllPairsAreCompared(heldVectors: Int) throws {
        var random = RandomVectors(seed: 7)
        let store = MemoryStore(try random.matrix(100, dimension: 4))
        var options = NearDuplicates.Options()
        options.heldBytes = heldVectors * 16
        var last: (compared: Int, total: Int)?
        _ = try NearDuplicates(options: options).run(UnevenStore(all: store, sizes: [8])) { compared, total in
            #expect(compared >= last?.compared ?? 0)
            last = (compared, total)
        }
        #expect(last?.compared == 4950 && last?.total == 4950)
    }

    @Test func aStoreThatShrinksMeanwhileIsAnError() {
        struct Shrinking: EmbeddingReader {
            let name = "shrinking"
            let count = 3
            let provenance = Provenance(.stub(dimension: 1))
            func forEachBlock(rows: Int, _ body: (EmbeddingBlock) throws -> Void) throws {
                try body(EmbeddingBlock(ids: ["a"], embeddings: EmbeddingMatrix(dimension: 1, values: [1])))
            }
        }
        let error = #expect(throws: CLIPError.self) { try NearDuplicates().run(Shrinking()) }
        #expect(error?.code == .unreadable && error?.message.contains("shrinking") == true)
    }
}

@Suite struct UnionFindTests {
    @Test func groupsAreLargestFirstAndAscending() {
        var joined = UnionFind(count: 9)
        for (a, b) in [(8, 7), (3, 5), (5, 1), (0, 2), (1, 3)] { joined.join(a, b) }
        #expect(joined.groups() == [[1, 3, 5], [0, 2], [7, 8]])
        #expect(joined.representative(of: 5) == 1 && joined.representative(of: 4) == 4)
    }

    @Test func noNumbersMakeNoGroups() {
        var empty = UnionFind(count: 0)
        #expect(empty.groups() == [])
    }
}
