import CLIPCore
import TestSupport
import Testing

/// Reports that compare two runs.
@Suite(.serialized, .ownThreads) struct ReportComparisonTests {
    private let place: Workplace

    /// A store of two images, and its results.
    init() throws {
        place = try Workplace()
        try place.addPhoto("gray.jpg", as: "gray.jpg")
        try place.addPhoto("rgb-8.png", as: "rgb.png")
        try #require(try place.embed().status == 0)
        try #require(try place.classify("before.parquet", categories: Self.categories(threshold: 2)).status == 0)
    }

    private static func categories(threshold: Int) -> String {
        "threshold: \(threshold)\ncategories: {a <b>: {positive: [a cat]}}"
    }

    private func report(comparing earlier: String) throws -> Tool.Result {
        try place.run(
            "report",
            place.path("store"),
            "--results",
            place.path("results.parquet"),
            "--compare",
            earlier,
            "--output",
            place.path("report.html")
        )
    }

    @Test func imagesOfBothRunsAreComparedAndTheOthersCounted() throws {
        try place.addPhoto("rgb-420.jpg", as: "new.jpg")
        try #require(try place.embed().status == 0)
        try #require(try place.classify("results.parquet", categories: Self.categories(threshold: -2)).status == 0)
        let result = try report(comparing: place.path("before.parquet"))
        #expect(result.status == 0, "\(result.errors)")
        let summary = "Compared with \(place.path("before.parquet")): +2 and -0 matches of 2 images\n"
        #expect(result.output.contains(summary), "\(result.output)")
        let page = String(decoding: try FileBytes.read(place.path("report.html")), as: UTF8.self)
        #expect(page.contains(#""onlyEarlierCount":0,"onlyLater":[],"onlyLaterCount":1"#))
        #expect(page.contains(#""gained":2,"kept":0,"lost":0"#))
    }

    @Test func earlierResultsThatCannotBeComparedAreNamed() throws {
        try #require(try place.classify("results.parquet", categories: Self.categories(threshold: -2)).status == 0)
        let missing = try report(comparing: place.path("gone.parquet"))
        #expect(missing.status == 3 && missing.errors.contains("Cannot read \(place.path("gone.parquet"))"))
        let text = try report(comparing: place.path("before.csv"))
        #expect(text.status == 2 && text.errors.contains("--compare must be a .parquet file"), "\(text.errors)")
        let path = RepositoryFile.path("Tests/CLIPArrowTests/Fixtures/results-0.1.parquet")
        let other = try report(comparing: path)
        #expect(other.status == 3 && other.errors.contains("Compare results of the same model."), "\(other.errors)")
        #expect(other.errors.contains("error: \(path) was made with the model "))
    }
}
