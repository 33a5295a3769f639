internal import CLIPArrow
internal import CLIPCore
internal import CLIPEvaluation

/// Tables and labels, through libparquet-c, which is instrumented, and Arrow, which is not.
let tableTargets = [
    table("table-parquet", ".parquet", of: parquet),
    table("table-csv", ".csv", of: csv),
    table("table-tsv", ".tsv", of: ["CLIPArrow/Table/File/TableQuoting.swift", "CLIPArrow/Table/File/CSVText.swift"]),
    labels(
        "labels-csv",
        ".csv",
        of: ["CLIPArrow/Table/LabelTable.swift", "CLIPEvaluation/Label/ImageLabels.swift"]
    ),
    labels(
        "labels-parquet",
        ".parquet",
        of: ["CLIPArrow/Table/LabelTable.swift", "CLIPArrow/Table/ColumnValue+Label.swift"]
    ),
]

private let wrapper = "native/libparquet-c/src"
private let parquet =
    ["TableLayout", "TableShard", "TableIterator", "RowReader", "File/TableColumn", "File/TableCells"].map {
        "CLIPArrow/Table/\($0).swift"
    }
    + ["plain.cpp", "plain_types.cpp", "json.cpp", "names.cpp", "stream.cpp"].map { "\(wrapper)/\($0)" }
private let csv =
    ["CSVText", "TableCell", "TableFile", "TableRows"].map { "CLIPArrow/Table/File/\($0).swift" }
    + ["CLIPArrow/Table/ImageColumnChoice.swift"] + ["csv.cpp", "csv_rows.cpp"].map { "\(wrapper)/\($0)" }

/// What Docs/ImageSources.md says of tables, and Arrow's own buffers.
private let limits = FuzzTarget.Limits(mebibytes: 64, perByte: 512)

private func table(_ name: String, _ ending: String, of sources: [String]) -> FuzzTarget {
    FuzzTarget(name, of: sources, within: ending == ".parquet" ? parquetLimits : limits) { input in
        try withFile(input, ending: ending) { path in
            wait {
                let source = try TableSource(path: path)
                _ = (source.notes, source.notesAfterReading)
                // The same columns, named: each of their values must be stored.
                let named = TableSource.Options(carriedColumns: source.columns.map(\.name))
                _ = try? TableSource(path: path, options: named)
                _ = try await source.count()
                _ = try source.noteOnLines()
                var images = try source.makeIterator()
                var file = [UInt8]()
                while let image = try await images.next() {
                    // Paths and URLs of a hostile table lead anywhere: only images in the table itself are read.
                    if image.heldByteCount > 0 { _ = try? await image.read(into: &file) }
                }
            }
        }
    }
}

private func labels(_ name: String, _ ending: String, of sources: [String]) -> FuzzTarget {
    FuzzTarget(name, of: sources, within: ending == ".parquet" ? parquetLimits : limits) { input in
        try withFile(input, ending: ending) { path in
            let labels = try ImageLabels(contentsOf: path)
            for id in labels.ids.prefix(10) + [""] {
                var isKnown = false
                for category in labels.categories.prefix(10) {
                    if labels.isMember(id: id, category: category) != nil { isKnown = true }
                    _ = labels.probability(id: id, category: category)
                }
                precondition(!isKnown || labels.contains(id: id) && labels.isJudged(id: id), "a label of no image")
            }
        }
    }
}
