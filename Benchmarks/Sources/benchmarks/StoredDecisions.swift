import CLIPArrow
import CLIPCore
import CLIPReport

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Parquet in, decisions out: 200,000 embeddings are read from a store, classified, and the decisions written.
///
/// The store is one file, made once, in the folder that the environment variable `BENCHMARK_STORE` names, so that other
/// programs can be timed on the same file.
enum StoredDecisions {
    private static let dimension = 512
    private static let count = 200_000

    static func run() async throws {
        let folder = getenv("BENCHMARK_STORE").map { String(cString: $0) } ?? "build/benchmark-store"
        if (try? ParquetStore(path: folder)) == nil { try await makeStore(folder) }
        let scoring = try await Scoring(images: 1, categories: 20, dimension: dimension)
        var reading = Measurement()
        var deciding = Measurement()
        var explaining = Measurement()
        for _ in 0..<5 {
            try await deciding.time {
                try scoring.decide(ParquetStore(path: folder), [], output: folder + ".decisions.parquet")
            }
            let store = try ParquetStore(path: folder)
            try await reading.time { try store.forEachBlock(rows: 2048) { _ in } }
        }
        // Afterwards: the disk is busy with files of this size for a while.
        for _ in 0..<5 {
            try await explaining.time {
                let parts = ResultPart.decision
                try scoring.decide(ParquetStore(path: folder), parts, output: folder + ".results.parquet")
            }
        }
        print("reading \(count) × \(dimension) embeddings from Parquet, ms   \(Int(reading.median * 1000))")
        print("Parquet in, decisions out, ms   \(Int(deciding.median * 1000))")
        print("Parquet in, decisions with all scores out, ms   \(Int(explaining.median * 1000))")
    }

    private static func makeStore(_ folder: String) async throws {
        let model = RandomModel.description(dimension: dimension)
        let writer = try ParquetStoreWriter(
            path: folder,
            provenance: Provenance(model),
            options: ParquetStoreWriter.Options(rowsPerPart: count)
        )
        var numbers = Numbers()
        for start in stride(from: 0, to: count, by: 4000) {
            let vectors = try EmbeddingMatrix(dimension: dimension, values: numbers.floats(4000 * dimension))
                .normalized()
            try await writer.append(
                EmbeddingBlock(
                    ids: (start..<start + 4000).map { "photos/\($0 / 1000)/image-\($0).jpg" },
                    embeddings: vectors
                )
            )
        }
        try await writer.finish(.complete)
    }
}

extension Scoring {
    fileprivate func decide(_ store: ParquetStore, _ parts: [ResultPart], output: String) throws {
        let writer = try ParquetResultWriter(
            path: output,
            classifier: classifier,
            parts: parts,
            provenance: store.provenance
        )
        try store.forEachBlockInParallel { block in
            try classifier.classify(block.embeddings, ids: block.ids)
        } body: { decisions in
            try writer.append(decisions)
        }
        try writer.finish()
    }
}
