internal import CLIPCore
internal import CLIPReport
internal import Foundation

/// Texts of strangers in the pages and tables that are written: what is read from them must be what was given.
let pageTargets = [
    FuzzTarget(
        "report",
        of: ["HTMLReport", "HTMLTemplate", "PageData"].map { "CLIPReport/Page/\($0).swift" },
        within: limits
    ) { input in
        let given = Given(input)
        let definition = ReportSample.Definition(
            name: given.category,
            threshold: 0.5,
            rule: given.title,
            positive: [given.category],
            negative: [given.title]
        )
        let limits = DecisionLimits(names: [given.category], thresholds: [0.5], neutralMargin: 0)
        let sample = try ReportSample([definition], neutralMargin: 0) { body in
            let evidence = given.ids.indices.map { Evidence(score: Float($0) / 10, positive: 0) }
            try body(given.ids, limits.decide(evidence, ids: given.ids))
        }
        var failures = FailureSample()
        failures.add(id: given.title, stage: .decode, reason: given.category)
        let report = HTMLReport(
            title: given.title,
            identity: given.title,
            facts: [(given.title, given.category)],
            sample: sample,
            failures: failures,
            pictures: ReportThumbnails(ids: given.ids)
        )
        try given.check(keyPath: "images") { try report.write(to: $0) }
    },
    FuzzTarget("labelling", of: ["CLIPReport/Page/LabellingPage.swift"], within: limits) { input in
        let given = Given(input)
        let page = LabellingPage(
            title: given.title,
            identity: given.title,
            categories: [
                .init(
                    name: given.category,
                    positive: [given.title],
                    negative: [],
                    cells: [.init(size: 9, isMatch: true)]
                )
            ],
            items: given.ids.map { .init(id: $0, tasks: [.init(category: 0, probability: 1, round: 1, cell: 0)]) },
            pictures: ReportThumbnails(ids: given.ids)
        )
        try given.check(keyPath: "items") { try page.write(to: $0) }
    },
    FuzzTarget(
        "json-lines",
        of: ["CLIPReport/Text/TextBuffer+JSON.swift", "CLIPCore/Text/TextBuffer+CSV.swift"]
    ) { input in
        let given = Given(input)
        let table = ResultTable([(given.title, .texts(given.ids))])
        _ = table.csv()
        let lines = table.jsonLines().string.utf8.split(separator: UInt8(ascii: "\n"))
        for (line, id) in zip(lines, given.ids) {
            let read = try JSONDecoder().decode([String: String].self, from: Data(line))
            precondition(read == [given.title: id], "JSON Lines lead to another text")
        }
        precondition(lines.count == given.ids.count, "a line is missing")
    },
    // Of result files in text only the beginning is ever read: whether an output may replace them.
    FuzzTarget("results-text", of: ["CLIPReport/Result/ResultTextHead.swift"]) { input in
        let head = ResultTextHead(input)
        _ = (head.isResult, head.isLabels, HTMLReport.isWritten(input))
        let ids = Given(input).ids
        let table = ResultTable([("id", .texts(ids)), ("cosine", .numbers(ids.map { _ in 0.5 }))])
        for text in [table.csv(), table.jsonLines()] where text.count > 0 {
            precondition(ResultTextHead(Array(text.string.utf8)).isResult, "a result is taken for a file of others")
        }
    },
]

private let limits = FuzzTarget.Limits(mebibytes: 64, perByte: 512)

/// Texts from an input, one a line: a title, the name of a category, and ids, which are unique.
private struct Given {
    let title: String
    let category: String
    let ids: [String]

    init(_ input: [UInt8]) {
        let lines = input.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            .map { String(decoding: $0, as: UTF8.self) }
        title = lines[0]
        category = lines.dropFirst().first ?? ""
        var seen = ImageIDSet()
        ids = lines.dropFirst(2).prefix(40).filter { seen.insert($0) }
    }

    /// Writes a page and compares its data with what was given; no text may begin or end an element.
    func check(keyPath key: String, write: (String) throws -> Void) throws {
        let path = "/dev/shm/fuzz-\(getpid()).html"
        try write(path)
        defer { unlink(path) }
        let page = try FileBytes.read(path)
        let parts = Self.afterBrackets(page)
        let mark = Array(#"script id="data" type="application/json">"#.utf8)
        guard let data = parts.first(where: { $0.starts(with: mark) })?.dropFirst(mark.count),
            let root = try JSONSerialization.jsonObject(with: Data(data)) as? [String: Any],
            let items = root[key] as? [[String: Any]]
        else { preconditionFailure("the page's data cannot be read, or holds the beginning of an element") }
        let found = items.compactMap { $0["id"] as? String }.map { Array($0.utf8) }
        precondition(root["title"] as? String == title, "the page has another title")
        precondition(Set(found) == Set(ids.map { Array($0.utf8) }), "the page has other ids")
        precondition(parts.count == Self.elements[key, default: parts.count], "a text begins an element")
        Self.elements[key] = parts.count
    }

    /// What follows each `<` of a page up to the next one.
    ///
    /// Found in C, because Swift's loops count each byte.
    private static func afterBrackets(_ page: [UInt8]) -> [ArraySlice<UInt8>] {
        var starts = [Int]()
        page.withUnsafeBytes { bytes in
            guard let start = bytes.baseAddress else { return }
            while let found = memchr(start + (starts.last ?? 0), 0x3C, bytes.count - (starts.last ?? 0)) {
                starts.append(UnsafeRawPointer(found) - start + 1)
            }
        }
        return zip(starts, starts.dropFirst() + [page.count + 1]).map { page[$0..<($1 - 1)] }
    }

    /// The number of `<` in a page without texts of strangers, from its first input.
    nonisolated(unsafe) private static var elements = [String: Int]()
}
