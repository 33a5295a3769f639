import CLIPCore
import CLIPTorch
import TestSupport
import Testing

/// Bundles of release 0.1 in int8 have quantised layers of libtorch's own, which several threads must not run at once.
@Suite struct QuantisedModuleTests {
    /// Without a lock, about one batch in a hundred has a wrong vector.
    ///
    /// `make test` makes the model.
    @Test func manyThreadsDoNotSpoilEachOthersVectors() async throws {
        let threads = try TorchRuntime.threadCount()
        try TorchRuntime.setThreadCount(4)
        defer { try? TorchRuntime.setThreadCount(threads) }
        let path = RepositoryFile.path("build/test-models/vit-quickgelu-int8")
        let bundle = try ModelBundle(named: path, usesCache: false)
        let encoder = try bundle.imageEncoder()
        let spec = encoder.model.preprocessing
        var random = SystemRandomNumberGenerator()
        var batch = ImageBatch(height: spec.height, width: spec.width)
        for _ in 0..<32 { batch.append((0..<spec.byteCount).map { _ in UInt8.random(in: 0...255, using: &random) }) }
        let expected = try await encoder.encode(batch)
        for _ in 0..<600 {
            let found = try await encoder.encode(batch)
            #expect(found == expected)
        }
    }
}
