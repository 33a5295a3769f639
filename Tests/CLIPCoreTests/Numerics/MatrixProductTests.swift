import CLIPCore
import CLIPTesting
import TestSupport
import Testing

@Suite struct MatrixProductTests {
    /// Inner products of sizes that leave a rest in every loop, against sums in 64-bit.
    @Test(arguments: [(1, 1, 1), (3, 5, 7), (17, 9, 64), (130, 3, 513)])
    func similaritiesEqualInnerProducts(images: Int, categories: Int, dimension: Int) async throws {
        let encoder = StubImageEncoder(dimension: dimension)
        let file = CategoryFile(
            categories: (0..<categories).map { .init(name: "\($0)", positive: ["\($0)"], threshold: 0) }
        )
        let bank = try await PromptBank(file, dimension: dimension) { texts in
            EmbeddingMatrix(dimension: dimension, values: try texts.flatMap { try encoder.vector(for: $0.utf8) })
        }
        let vectors = try (0..<images).map { try encoder.vector(for: "image \($0)".utf8) }
        let matrix = EmbeddingMatrix(dimension: dimension, values: vectors.flatMap(\.self))
        let scores = try Classifier(file, bank: bank).score(matrix).map(\.score)
        for (image, vector) in vectors.enumerated() {
            for category in 0..<categories {
                let exact = zip(vector, bank.vectors[row: category]).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
                // Rounding of a 32-bit sum of `dimension` products of values below 1.
                #expect(abs(Double(scores[image * categories + category]) - exact) < 1e-5)
            }
        }
    }

    /// The product that takes OpenBLAS's place where it is not installed.
    @Test(arguments: [(1, 1, 1), (3, 5, 7), (17, 9, 64), (130, 3, 513)])
    func thePortableProductEqualsInnerProducts(m: Int, n: Int, k: Int) throws {
        let encoder = StubImageEncoder(dimension: k)
        let a = try (0..<m).map { try encoder.vector(for: "a\($0)".utf8) }
        let b = try (0..<n).map { try encoder.vector(for: "b\($0)".utf8) }
        var result = [Float](repeating: .nan, count: m * n)
        a.flatMap(\.self).withUnsafeBufferPointer { a in
            b.flatMap(\.self).withUnsafeBufferPointer { b in
                result.withUnsafeMutableBufferPointer { result in
                    MatrixProduct.multiplyTransposed(a, b, into: result, m: m, n: n, k: k)
                }
            }
        }
        for i in 0..<m {
            for j in 0..<n {
                let exact = zip(a[i], b[j]).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
                #expect(abs(Double(result[i * n + j]) - exact) < 1e-5)
            }
        }
    }

    @Test func theBestKernelsForTheProcessorAreChosen() {
        #expect(ProcessorFeatures(flags: ["sse2", "avx"]).openBLASCoreType == nil)
        #expect(ProcessorFeatures(flags: ["avx2", "fma"]).openBLASCoreType == "Haswell")
        let avx512: Set = ["avx2", "fma", "avx512f", "avx512cd", "avx512bw", "avx512dq", "avx512vl"]
        #expect(ProcessorFeatures(flags: avx512).openBLASCoreType == "SkylakeX")
        #expect(ProcessorFeatures(flags: avx512.subtracting(["avx512vl"])).openBLASCoreType == "Haswell")
    }

    /// Debian's OpenBLAS falls back to kernels of 2004 on processors that are newer than it is.
    @Test func openBLASRunsModernKernelsOnAModernProcessor() throws {
        let blas = try #require(OpenBLAS.shared, "OpenBLAS is not installed: run make setup")
        if ProcessorFeatures.current.hasAVX2 {
            #expect(["Haswell", "Zen", "SkylakeX", "Cooperlake", "Sapphirerapids"].contains(blas.coreName))
        }
    }
}
