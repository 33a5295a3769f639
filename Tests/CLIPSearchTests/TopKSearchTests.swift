import CLIPCore
import CLIPSearch
import CLIPTesting
import Testing

@Suite struct TopKSearchTests {
    /// More rows than a block has, so that the best are spread over several.
    @Test func hitsAreThoseOfAFullSort() throws {
        var random = RandomVectors(seed: 1)
        let vectors = try random.matrix(5000, dimension: 12)
        let queries = try random.matrix(3, dimension: 12)
        let hits = try TopKSearch(queries: queries, k: 25).run(MemoryStore(vectors))
        #expect(hits.count == 3)
        for query in 0..<3 {
            let exact = (0..<5000).map { queries.product(query, vectors, $0) }.enumerated()
                .sorted { $0.element > $1.element }.prefix(25)
            #expect(hits[query].map(\.position) == exact.map(\.offset))
            #expect(hits[query].map(\.id) == exact.map { "\($0.offset)" })
            for (hit, exact) in zip(hits[query], exact) {
                // Rounding of a 32-bit sum of 12 products.
                #expect(abs(Double(hit.cosine) - exact.element) < 1e-6)
            }
        }
    }

    @Test func ofEqualCosinesTheOneStoredFirstComesFirst() throws {
        let unit: [Float] = [1, 0]
        let other: [Float] = [0, 1]
        let vectors = EmbeddingMatrix(dimension: 2, values: other + unit + unit + other + unit + unit)
        let query = EmbeddingMatrix(dimension: 2, values: unit)
        for count in 1...6 {
            let hits = try TopKSearch(queries: query, k: count).run(MemoryStore(vectors))[0]
            #expect(hits.map(\.position) == Array([1, 2, 4, 5, 0, 3].prefix(count)))
        }
    }

    @Test func aSmallerStoreIsReturnedWhole() throws {
        var random = RandomVectors(seed: 2)
        let store = MemoryStore(try random.matrix(7, dimension: 3))
        let query = try random.matrix(1, dimension: 3)
        let all = try TopKSearch(queries: query, k: 100).run(store)[0]
        #expect(all.count == 7 && Set(all.map(\.id)).count == 7)
        #expect(try TopKSearch(queries: query, k: 1).run(store)[0] == [all[0]])
    }

    @Test func anEmptyStoreHasNoHits() throws {
        let query = EmbeddingMatrix(dimension: 2, values: [1, 0])
        let store = MemoryStore(EmbeddingMatrix(dimension: 2))
        #expect(try TopKSearch(queries: query, k: 3).run(store) == [[]])
    }

    @Test func theSizeOfBlocksChangesNothing() throws {
        var random = RandomVectors(seed: 3)
        let store = MemoryStore(try random.matrix(100, dimension: 4))
        let search = TopKSearch(queries: try random.matrix(2, dimension: 4), k: 10)
        let uneven = try search.run(UnevenStore(all: store, sizes: [1, 7, 30]))
        #expect(try uneven.map { $0.map(\.id) } == search.run(store).map { $0.map(\.id) })
    }

    @Test func anythingThatIsNoUnitVectorIsRefused() throws {
        let good = EmbeddingMatrix(dimension: 2, values: [1, 0])
        for bad in [[Float.nan, 0], [0, 0], [2, 0]] {
            let matrix = EmbeddingMatrix(dimension: 2, values: bad)
            let query = #expect(throws: CLIPError.self) {
                try TopKSearch(queries: matrix, k: 1).run(MemoryStore(good))
            }
            let stored = #expect(throws: CLIPError.self) {
                try TopKSearch(queries: good, k: 1).run(MemoryStore(matrix))
            }
            #expect(query?.code == .invalidEmbeddings && stored?.code == .invalidEmbeddings)
        }
    }

    @Test func queriesOfAnotherDimensionAreRefused() throws {
        let query = EmbeddingMatrix(dimension: 3, values: [1, 0, 0])
        let store = MemoryStore(EmbeddingMatrix(dimension: 2, values: [1, 0]))
        let error = #expect(throws: CLIPError.self) { try TopKSearch(queries: query, k: 1).run(store) }
        #expect(error?.code == .modelMismatch)
    }
}

@Suite struct WeightedDirectionTests {
    private let queries = EmbeddingMatrix(dimension: 2, values: [1, 0, 0, 1])

    @Test func weightsAddUnitVectorsAndTheSumIsNormalised() throws {
        #expect(try queries.weightedDirection([3, 4]).values == [0.6, 0.8])
        #expect(try queries.weightedDirection([0, -2]).values == [0, -1])
        for unit in [1e200, 1e-200, 1e-300] {
            let found = try queries.weightedDirection([3 * unit, 4 * unit]).values
            #expect(zip(found, [0.6, 0.8]).allSatisfy { abs($0 - $1) < 1e-6 }, "\(unit): \(found)")
        }
        let long = EmbeddingMatrix(dimension: 2, values: [10, 0, 0, 1])
        #expect(try long.weightedDirection([3, 4]).values == [0.6, 0.8])
    }

    @Test(arguments: [[0.0, 0.0], [1, -1]])
    func queriesThatCancelOutAreRefused(_ weights: [Double]) {
        let same = EmbeddingMatrix(dimension: 2, values: [0.6, 0.8, 0.6, 0.8])
        let error = #expect(throws: CLIPError.self) { try same.weightedDirection(weights) }
        #expect(error?.code == .invalidEmbeddings && error?.message.contains("cancel") == true)
    }

    @Test func aStoreOfAnotherModelIsRefused() throws {
        let block = EmbeddingBlock(ids: ["a"], embeddings: EmbeddingMatrix(rows: [[1, 0]]))
        let store = MemoryStore(provenance: Provenance(.stub(size: 1, dimension: 2)), block: block)
        let query = EmbeddingMatrix(rows: [[1, 0]])
        let same = TopKSearch(queries: query, model: .stub(size: 1, dimension: 2), k: 1)
        #expect(try same.run(store)[0].map(\.id) == ["a"])
        let other = TopKSearch(queries: query, model: .stub(size: 2, dimension: 2), k: 1)
        #expect(#expect(throws: CLIPError.self) { try other.run(store) }?.code == .modelMismatch)
    }

    @Test func imagesAreFoundThatAreLikeAnotherOne() throws {
        let block = EmbeddingBlock(
            ids: ["a", "b", "c"],
            embeddings: EmbeddingMatrix(rows: [[1, 0], [0, 1], [0.8, 0.6]])
        )
        let store = MemoryStore(provenance: Provenance(.stub(dimension: 2)), block: block)
        let hits = try TopKSearch(similarTo: ["b", "a"], in: store, k: 2).run(store)
        #expect(hits.map { $0.map(\.id) } == [["b", "c"], ["a", "c"]])
        let error = #expect(throws: CLIPError.self) { try TopKSearch(similarTo: ["x"], in: store, k: 1) }
        #expect(error?.code == .notFound && error?.message.contains("'x'") == true)
    }

    @Test func imagesOfOneModelAreNotSearchedForInAStoreOfAnother() throws {
        func store(size: Int, _ ids: [String]) -> MemoryStore {
            let block = EmbeddingBlock(ids: ids, embeddings: EmbeddingMatrix(rows: ids.map { _ in [1, 0] }))
            return MemoryStore(provenance: Provenance(.stub(size: size, dimension: 2)), block: block)
        }
        let search = try TopKSearch(similarTo: ["a"], in: store(size: 1, ["a"]), k: 1)
        #expect(try search.run(store(size: 1, ["b"]))[0].map(\.id) == ["b"])
        let error = #expect(throws: CLIPError.self) { try search.run(store(size: 2, ["b"])) }
        #expect(error?.code == .modelMismatch)
        #expect(error?.message.contains("stub-2-2") == true && error?.message.contains("stub-1-2") == true)
    }
}
