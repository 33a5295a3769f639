internal import CLIPArrow
internal import CLIPCore
internal import CLIPEvaluation

/// Tables, labels, and results, through Arrow's C++ libraries, which are not instrumented.
let tableTargets = [
    FuzzTarget("table-parquet") { try walk($0, ending: ".parquet") },
    FuzzTarget("table-csv") { try walk($0, ending: ".csv") },
    FuzzTarget("table-tsv") { try walk($0, ending: ".tsv") },
    FuzzTarget("labels-csv") { input in try withFile(input, ending: ".csv") { _ = try ImageLabels(contentsOf: $0) } },
    FuzzTarget("labels-parquet") { input in
        try withFile(input, ending: ".parquet") { _ = try ImageLabels(contentsOf: $0) }
    },
]

private func walk(_ input: [UInt8], ending: String) throws {
    try withFile(input, ending: ending) { path in
        wait {
            var images = try TableSource(path: path).makeIterator()
            var file = [UInt8]()
            while let image = try await images.next() {
                // Paths and URLs of a hostile table lead anywhere: only images in the table itself are read.
                if image.heldByteCount > 0 { _ = try? await image.read(into: &file) }
            }
        }
    }
}
