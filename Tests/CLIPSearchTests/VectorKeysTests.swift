import CLIPCore
import CLIPSearch
import CLIPTesting
import Testing

/// Pairs that are found by keys, compared with those of comparing whole vectors.
@Suite struct VectorKeysTests {
    enum Vectors: CaseIterable {
        case random, clustered, duplicated, onePoint, fewDimensions, unevenLengths, one, two, none

        func make() throws -> EmbeddingMatrix {
            var random = RandomVectors(seed: 11)
            switch self {
            case .random: return try random.matrix(500, dimension: 24)
            case .clustered: return try random.clusters(500, dimension: 24, clusters: 12, spread: 0.3)
            case .duplicated:
                let some = try random.matrix(40, dimension: 24)
                return EmbeddingMatrix(dimension: 24, values: (0..<300).flatMap { some[row: $0 * 7 % 40] })
            case .onePoint:
                let point = try random.matrix(1, dimension: 24)
                return EmbeddingMatrix(dimension: 24, values: (0..<300).flatMap { _ in point[row: 0] })
            case .fewDimensions:
                let plane = try random.matrix(300, dimension: 2)
                return EmbeddingMatrix(
                    dimension: 24,
                    values: (0..<300).flatMap { plane[row: $0] + [Float](repeating: 0, count: 22) }
                )
            case .unevenLengths:
                let vectors = try random.clusters(500, dimension: 24, clusters: 30, spread: 0.2)
                let lengths = random.values(500).map { 1 + 0.009 * $0 }
                let scaled = (0..<500).flatMap { row in vectors[row: row].map { $0 * lengths[row] } }
                return EmbeddingMatrix(dimension: 24, values: scaled)
            case .one, .two: return try random.matrix(self == .one ? 1 : 2, dimension: 24)
            case .none: return EmbeddingMatrix(dimension: 24)
            }
        }
    }

    @Test(arguments: Vectors.allCases, [0.5, 0.97, 1] as [Float])
    func pairsAndCosinesAreThoseOfWholeVectors(_ vectors: Vectors, threshold: Float) throws {
        let vectors = try vectors.make()
        let store = MemoryStore(vectors)
        let all = NearDuplicates(options: .init(threshold: threshold))
        let whole = try all.search(store, keyLength: 0)
        #expect(try all.run(store) == whole.groups)
        var exact = 0
        for first in 0..<vectors.count {
            for second in first + 1..<max(first + 1, vectors.count)
            where vectors.product(first, vectors, second) >= Double(threshold - 1e-6) { exact += 1 }
        }
        #expect(whole.work.pairs == exact)
        for keyLength in [2, 16] {
            // Held at once, and in portions.
            for held in [1000, 150] {
                let options = NearDuplicates.Options(threshold: threshold, heldBytes: held * 24 * 4)
                let found = try NearDuplicates(options: options).search(store, keyLength: keyLength)
                #expect(found.groups == whole.groups)
                #expect(found.work.pairs == exact)
            }
        }
    }

    /// The vectors are distributed like embeddings of photographs.
    @Test func structureSavesNineTenthsOfTheMultiplications() throws {
        var random = RandomVectors(seed: 12)
        let vectors = try random.photographs(5000, dimension: 192)
        let store = MemoryStore(vectors)
        let found = try NearDuplicates().search(store)
        let whole = try NearDuplicates().search(store, keyLength: 0)
        #expect(found.groups == whole.groups && found.work.pairs == whole.work.pairs && whole.work.pairs > 100)
        #expect(10 * found.work.multiplications(dimension: 192) < whole.work.multiplications(dimension: 192))
    }

    @Test func lowThresholdsAreSearchedWithWholeVectors() throws {
        var random = RandomVectors(seed: 13)
        let store = MemoryStore(try random.matrix(5000, dimension: 32))
        let found = try NearDuplicates(options: .init(threshold: 0.6)).search(store)
        #expect(found.work.keyDimension == 32)
    }
}

extension RandomVectors {
    /// Unit vectors around random centres.
    mutating func clusters(_ count: Int, dimension: Int, clusters: Int, spread: Float) throws -> EmbeddingMatrix {
        let centres = try matrix(clusters, dimension: dimension)
        let noise = try matrix(count, dimension: dimension)
        let values = (0..<count).flatMap { row in
            zip(centres[row: row % clusters], noise[row: row]).map { $0 + spread * $1 }
        }
        return try EmbeddingMatrix(dimension: dimension, values: values).normalized()
    }

    /// Unit vectors of 100 kinds with a decaying spectrum; every tenth is a noisy copy of an earlier one.
    mutating func photographs(_ count: Int, dimension: Int) throws -> EmbeddingMatrix {
        let spectrum = (0..<dimension).map { 1 / Float($0 + 1).squareRoot() }
        var centres = (0..<100).map { _ in zip(values(dimension), spectrum).map { $0 * $1 } }
        for kind in centres.indices { centres[kind][0] += 2.4 }
        var vectors = EmbeddingMatrix(dimension: dimension)
        for row in 0..<count {
            let noise = values(dimension)
            let isCopy = row % 10 == 9
            let source = isCopy ? vectors[row: row - 5] : centres[row * 7 % 100]
            let scale = spectrum.map { isCopy ? 0.02 : 0.8 * $0 }
            vectors.append(source.indices.map { source[$0] + scale[$0] * noise[$0] })
        }
        return try vectors.normalized()
    }
}
