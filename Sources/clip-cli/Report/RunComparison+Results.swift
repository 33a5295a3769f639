internal import CLIPArrow
internal import CLIPCore
internal import CLIPReport

extension RunComparison.Run {
    /// The run that wrote results.
    init(_ file: ParquetResults) {
        self.init(
            name: file.path,
            categories: file.definitions,
            neutralMargin: file.schema.neutralMargin,
            imageCount: file.count
        ) { body in
            try file.forEachDecision(rows: 4096, body)
        }
    }
}

extension RunComparison {
    /// How many decisions differ, as a sentence.
    var summary: String {
        let (gained, lost) = categories.reduce((0, 0)) { ($0.0 + $1.counts.gained, $0.1 + $1.counts.lost) }
        return "Compared with \(Text.printable(earlierName)): +\(gained) and -\(lost) matches of "
            + "\(Text.count(sharedCount, "image"))"
    }
}

extension ParquetResults {
    /// The categories, as a report shows them.
    var definitions: [ReportSample.Definition] {
        schema.categories.map {
            ReportSample.Definition(
                name: $0.name,
                threshold: $0.threshold,
                rule: $0.definition.rule,
                positive: $0.definition.positive,
                negative: $0.definition.negative
            )
        }
    }
}
