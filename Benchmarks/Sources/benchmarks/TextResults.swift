import CLIPArrow
import CLIPCore
import CLIPReport

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Writing the decisions on a million images as CSV and JSON Lines.
///
/// The folder should be in memory, so that the disk is not measured. The environment variable `BENCHMARK_FOLDER` names
/// another folder, where the files are kept, as Parquet too, so that other programs can be timed on the same rows.
enum TextResults {
    private static let count = 1_000_000
    private static let dimension = 16
    private static let blockRows = 2048

    static func run() async throws {
        let wanted = getenv("BENCHMARK_FOLDER").map { String(cString: $0) }
        let scoring = try await Scoring(images: 1, categories: 12, dimension: dimension)
        let blocks = try decisions(scoring.classifier)
        let provenance = Provenance(RandomModel.description(dimension: dimension))
        let path = (wanted ?? "/dev/shm") + "/results"
        let parquet = try ParquetResultWriter(
            path: path + ".parquet",
            classifier: scoring.classifier,
            provenance: provenance
        )
        for block in blocks { try parquet.append(block) }
        try parquet.finish()
        var csv = Measurement()
        var jsonLines = Measurement()
        for _ in 0..<3 {
            try await csv.time {
                let writer = try CSVResultWriter(path: path + ".csv", classifier: scoring.classifier)
                for block in blocks { try writer.append(block) }
                try writer.finish()
            }
            try await jsonLines.time {
                let writer = try JSONLinesResultWriter(path: path + ".jsonl", classifier: scoring.classifier)
                for block in blocks { try writer.append(block) }
                try writer.finish()
            }
        }
        if wanted == nil { for format in ["parquet", "csv", "jsonl"] { unlink("\(path).\(format)") } }
        print("\(count) decisions as CSV, ms   \(Int(csv.median * 1000))")
        print("\(count) decisions as JSON Lines, ms   \(Int(jsonLines.median * 1000))")
    }

    private static func decisions(_ classifier: Classifier) throws -> [Decisions] {
        var numbers = Numbers()
        return try stride(from: 0, to: count, by: blockRows).map { start in
            let rows = min(blockRows, count - start)
            let vectors = try EmbeddingMatrix(dimension: dimension, values: numbers.floats(rows * dimension))
                .normalized()
            let ids = (start..<start + rows).map { "photos/\($0 / 1000)/image-\($0).jpg" }
            return try classifier.classify(vectors, ids: ids)
        }
    }
}
