import CLIPCore
import TestSupport
import Testing

/// Outputs replace files that the tool wrote, and others only with `--force`.
@Suite(.serialized, .ownThreads) struct ReplacementTests {
    private let place: Workplace

    init() throws {
        place = try Workplace()
        for name in ["rgb-420.jpg", "rgb-8.png", "1x1.png"] { try place.addPhoto(name, as: name) }
        try #require(try place.embed().status == 0)
        try place.write(Workplace.categories, "categories.yaml")
        try place.write("id,category,label\nrgb-420.jpg,cat,1\nrgb-8.png,cat,0\n", "labels.csv")
    }

    private func run(_ command: [String], output: [String]) throws -> Tool.Result {
        let words = command.map { $0.hasPrefix("@") ? place.path(String($0.dropFirst())) : $0 }
        let outputs = output.map { $0.hasPrefix("-") ? $0 : place.path($0) }
        return try Tool.run(words + outputs, scratch: place.folder)
    }

    private static let evaluate = ["evaluate", "@store", "--categories", "@categories.yaml", "--labels", "@labels.csv"]

    /// Commands, and the options for their outputs.
    static let commands: [(command: [String], output: [String])] = [
        (["classify", "@store", "--categories", "@categories.yaml"], ["--output", "r.csv"]),
        (["classify", "@store", "--categories", "@categories.yaml"], ["--output", "r.jsonl"]),
        (["classify", "@store", "--categories", "@categories.yaml"], ["--output", "r.parquet"]),
        (["classify", "@store", "--categories", "@categories.yaml", "--decisions-only"], ["--output", "r.csv"]),
        (["classify", "@store", "--categories", "@categories.yaml", "--decisions-only"], ["--output", "r.jsonl"]),
        (["score", "@store", "--categories", "@categories.yaml"], ["--output", "s.csv"]),
        (["score", "@store", "--categories", "@categories.yaml"], ["--output", "s.jsonl"]),
        (["search", "@store", "a cat"], ["--output", "hits.csv"]),
        (["search", "@store", "a cat"], ["--output", "hits.jsonl"]),
        (["search", "@store", "a cat"], ["--output", "hits.parquet"]),
        (["search", "@store", "a cat", "--separate-queries"], ["--output", "hits.csv"]),
        (["duplicates", "@store", "--threshold", "0.01"], ["--output", "groups.csv"]),
        (["duplicates", "@store", "--threshold", "0.01"], ["--output", "groups.jsonl"]),
        (["diff", "@store", "@categories.yaml", "@categories.yaml"], ["--output", "diff.csv"]),
        (evaluate, ["--output", "metrics.csv"]),
        (evaluate, ["--curves", "curves.csv"]),
        (evaluate + ["--exclusive"], ["--confusion", "confusion.csv"]),
        (
            ["ablate", "@store", "--categories", "@categories.yaml", "--labels", "@labels.csv"],
            ["--output", "effects.csv"]
        ),
    ]

    @Test(arguments: commands)
    func aResultReplacesAnEarlierOne(command: [String], output: [String]) throws {
        for _ in 0..<2 {
            let result = try run(command, output: output)
            #expect(result.status == 0, "\(result.errors)")
        }
    }

    @Test func aReportReplacesAnEarlierOne() throws {
        try #require(try place.classify("results.parquet").status == 0)
        for _ in 0..<2 {
            let result = try run(
                ["report", "@store", "--results", "@results.parquet"],
                output: ["--output", "page.html"]
            )
            #expect(result.status == 0, "\(result.errors)")
        }
    }

    static let ownFiles = [
        ("labels.csv", "id,category,label\r\na.jpg,cat,1\r\n"), ("lists.csv", "id,categories,notes\r\na.jpg,cat,x\r\n"),
        ("notes.jsonl", #"{"id": "a.jpg", "note": "x"}"#), ("data.parquet", "PAR1"),
        ("answers.jsonl", #"{"id": 7, "score": 0.9, "text": "my own answers"}"#),
        ("marks.csv", "id,score_total,teacher\r\n7,0.9,x\r\n"),
    ]

    @Test(arguments: ownFiles)
    func aFileThatTheToolDidNotWriteIsReplacedOnlyByForce(name: String, text: String) throws {
        try place.write(text, name)
        let command = ["classify", "@store", "--categories", "@categories.yaml"]
        let refused = try run(command, output: ["--output", name])
        #expect(refused.status == 2)
        let reason = name == "labels.csv" ? "which may contain labels" : "which clip-cli may not have written"
        #expect(refused.errors.contains("'\(place.path(name))', \(reason)"), "\(refused.errors)")
        #expect(refused.errors.contains("--force"))
        #expect(try FileBytes.read(place.path(name)) == Array(text.utf8))
        let forced = try run(command + ["--force"], output: ["--output", name])
        #expect(forced.status == 0, "\(forced.errors)")
        #expect(try FileBytes.read(place.path(name)) != Array(text.utf8))
    }

    @Test(arguments: ["part-00000.parquet", "rejects.parquet"])
    func aCopyOfAFileOfAStoreIsReplacedOnlyByForce(name: String) throws {
        let bytes = try FileBytes.read(place.path("store/\(name)"))
        try place.write(bytes, "backup.parquet")
        let refused = try run(["search", "@store", "a cat"], output: ["--output", "backup.parquet"])
        #expect(refused.status == 2 && refused.errors.contains("which is a file of a store"), "\(refused.errors)")
        #expect(try FileBytes.read(place.path("backup.parquet")) == bytes)
    }

    /// Files of people in the folder of a new store, under the name of its list of failed images.
    @Test(arguments: ["types.parquet", nil] as [String?])
    func aFileNamedLikeAStoresListIsNotReplaced(fixture: String?) throws {
        let fixtures = "Tests/CLIPArrowTests/Fixtures"
        let bytes =
            try fixture.map { try FileBytes.read(RepositoryFile.path("\(fixtures)/\($0)")) } ?? Array("my own".utf8)
        try place.write(bytes, "mine/rejects.parquet")
        let result = try place.run("embed", place.path("photos"), "--output", place.path("mine"))
        #expect(result.status == 3 && result.errors.contains("mine/rejects.parquet is named like"), "\(result.errors)")
        #expect(!result.errors.contains("remove it, and rerun"))
        #expect(try FileBytes.read(place.path("mine/rejects.parquet")) == bytes)
    }

    @Test func anArrayIsReplacedOnlyByForce() throws {
        let first = try run(["encode-text", "a cat"], output: ["--output", "t.npy"])
        #expect(first.status == 0, "\(first.errors)")
        #expect(try run(["encode-text", "a cat"], output: ["--output", "t.npy"]).status == 2)
        #expect(try run(["encode-text", "a cat", "--force"], output: ["--output", "t.npy"]).status == 0)
    }

    @Test func anEmptyFileAndADeviceAreNoLoss() throws {
        try place.write("", "r.csv")
        let command = ["classify", "@store", "--categories", "@categories.yaml"]
        #expect(try run(command, output: ["--output", "r.csv"]).status == 0)
    }

    @Test func aHandMadeCategoryFileIsNotReplacedByCalibration() throws {
        try place.write(Workplace.categories, "mine.yaml")
        let command = [
            "calibrate", "@store", "--categories", "@categories.yaml", "--target", "f1", "--labels", "@labels.csv",
        ]
        let result = try run(command, output: ["--output", "mine.yaml"])
        #expect(
            result.status == 2 && result.errors.contains("mine.yaml', which clip-cli may not have written"),
            "\(result.errors)"
        )
    }
}
