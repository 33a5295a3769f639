import CLIPArrow
import CLIPCore
import Testing

/// Scores, decisions from scores, and what a change of the category file changes.
@Suite(.serialized, .ownThreads) struct ScoringTests {
    private static let categories = """
        threshold: 0
        neutral: ["a photo."]
        categories:
          cat: {positive: ["a cat", "a kitten"], negative: ["a dog"]}
          car: {positive: ["a car"]}
        """

    private static func store() throws -> Workplace {
        let place = try Workplace()
        for (index, name) in ["rgb-420.jpg", "gray.jpg", "rgb-8.png"].enumerated() {
            try place.addPhoto(name, as: "\(index).\(name.split(separator: ".").last ?? "")")
        }
        try #require(try place.embed().status == 0)
        try place.write(categories, "categories.yaml")
        return place
    }

    private static func lines(_ place: Workplace, _ name: String) throws -> [String] {
        let text = String(decoding: try FileBytes.read(place.path(name)), as: UTF8.self)
        return text.split(separator: "\r\n").map(String.init)
    }

    @Test func aStoreIsNotWrittenOver() throws {
        let place = try Self.store()
        let (store, file) = (place.path("store"), place.path("categories.yaml"))
        for output in ["store/part-00000.parquet", "store/rejects.parquet"] {
            let result = try place.run("classify", store, "--categories", file, "--output", place.path(output))
            #expect(result.status == 2 && result.errors.contains("would overwrite '\(store)'"), "\(result.errors)")
        }
        #expect(try ParquetStore(path: store).count == 3)
        let beside = try place.run("classify", store, "--categories", file, "--output", place.path("store/results.csv"))
        #expect(beside.status == 0, "\(beside.errors)")
    }

    @Test func decisionsFromScoresAreThoseFromEmbeddings() throws {
        let place = try Self.store()
        let file = place.path("categories.yaml")
        for (input, output) in [("store", "scores.parquet"), ("store", "scores.csv")] {
            let result = try place.run(
                "score",
                place.path(input),
                "--categories",
                file,
                "--output",
                place.path(output)
            )
            #expect(result.status == 0, "\(result.errors)")
        }
        #expect(try Self.lines(place, "scores.csv").first?.contains("best_prompt_cat") == true)
        for (input, output) in [("store", "direct.csv"), ("scores.parquet", "again.csv")] {
            let result = try place.run(
                "classify",
                place.path(input),
                "--categories",
                file,
                "--output",
                place.path(output)
            )
            #expect(result.status == 0, "\(result.errors)")
        }
        let direct = try Self.lines(place, "direct.csv")
        #expect(direct.count == 4)
        #expect(try Self.lines(place, "again.csv") == direct)
    }

    @Test func decisionsWithoutScoresAreTheSameAndNoSourceOfOthers() throws {
        let place = try Self.store()
        func classify(_ input: String, _ output: String, _ options: [String] = []) throws -> Tool.Result {
            let categories = ["--categories", place.path("categories.yaml")]
            let files = [place.path(input), "--output", place.path(output)]
            return try Tool.run(["classify"] + files + categories + options, scratch: place.folder)
        }
        try #require(try classify("store", "all.csv").status == 0)
        try #require(try classify("store", "short.csv", ["--decisions-only"]).status == 0)
        let short = try Self.lines(place, "short.csv")
        #expect(short.first == "id,categories")
        let all = try Self.lines(place, "all.csv").map { $0.split(separator: ",", omittingEmptySubsequences: false) }
        let kept = try ["id", "categories"].map { try #require(all[0].firstIndex(of: $0)) }
        #expect(short == all.map { row in kept.map { row[$0] }.joined(separator: ",") })

        try #require(try classify("store", "short.parquet", ["--decisions-only"]).status == 0)
        let again = try classify("short.parquet", "again.csv")
        #expect(again.status == 3)
        #expect(again.errors.contains("short.parquet has decisions but no scores"), "\(again.errors)")
    }

    @Test func scoresOfOtherDescriptionsAreRefused() throws {
        let place = try Self.store()
        let scores = place.path("scores.parquet")
        _ = try place.run(
            "score",
            place.path("store"),
            "--categories",
            place.path("categories.yaml"),
            "--output",
            scores
        )
        try place.write(Self.categories.replacing("a kitten", with: "a lion"), "other.yaml")
        let result = try place.run(
            "classify",
            scores,
            "--categories",
            place.path("other.yaml"),
            "--output",
            place.path("results.csv")
        )
        #expect(result.status == 3)
        #expect(result.errors.contains("'cat' was scored with different positive descriptions"))
        #expect(throws: CLIPError.self) { try FileBytes.read(place.path("results.csv")) }
    }

    @Test func aLowerThresholdGainsAndAHigherOneLoses() throws {
        let place = try Self.store()
        // A margin that every image keeps: the threshold alone decides.
        let limits = "neutral_margin: -2\nthreshold: "
        try place.write(Self.categories.replacing("threshold: 0", with: limits + "-2"), "all.yaml")
        try place.write(Self.categories.replacing("threshold: 0", with: limits + "2"), "none.yaml")
        let result = try place.run(
            "diff",
            place.path("store"),
            place.path("none.yaml"),
            place.path("all.yaml"),
            "--output",
            place.path("diff.csv"),
            "--examples",
            "1"
        )
        #expect(result.status == 0, "\(result.errors)")
        let changes = try Self.lines(place, "diff.csv").dropFirst()
        #expect(changes.count == 6 && changes.allSatisfy { $0.hasSuffix(",gained") })
        #expect(result.output.contains("category  kept  gained  lost"))
    }

    @Test func aRuleThatLearnsTakesLabelledImages() throws {
        let place = try Self.store()
        try place.write("threshold: 0\nrule: nearest-exemplar\ncategories: {gray: {}}", "learning.yaml")
        try place.write("id,category,label\n1.jpg,gray,1\n0.jpg,gray,0\n", "labels.csv")
        let arguments = [
            "classify", place.path("store"), "--categories", place.path("learning.yaml"), "--output",
            place.path("results.csv"),
        ]
        let without = try Tool.run(arguments, scratch: place.folder)
        #expect(without.status == 2)
        #expect(without.errors.contains("'gray' learns from labelled images. Pass a labels file with --exemplars."))
        let result = try Tool.run(arguments + ["--exemplars", place.path("labels.csv")], scratch: place.folder)
        #expect(result.status == 0, "\(result.errors)")
        let lines = try Self.lines(place, "results.csv")
        #expect(lines[1].hasPrefix("0.jpg,,-"))
        #expect(lines[2].hasPrefix("1.jpg,gray,"))
    }

    /// One file may have a category that the other one lacks, and the labels are for both.
    @Test func labelsOfEitherFileServeADifference() throws {
        let place = try Self.store()
        try place.write("threshold: 0\ncategories: {cat: {positive: [a cat]}}", "a.yaml")
        let learning = "gray: {rule: nearest-exemplar}"
        try place.write("threshold: 0\ncategories: {cat: {positive: [a cat]}, \(learning)}", "b.yaml")
        try place.write("id,category,label\n1.jpg,gray,1\n0.jpg,gray,0\n", "labels.csv")
        let files = [place.path("a.yaml"), place.path("b.yaml")]
        for (before, after) in [(files[0], files[1]), (files[1], files[0])] {
            let options = ["diff", place.path("store"), before, after, "--exemplars", place.path("labels.csv")]
            let result = try Tool.run(options, scratch: place.folder)
            #expect(result.status == 0, "\(result.errors)")
        }
    }

    @Test func controlCharactersOfNamesDoNotReachTheTerminal() throws {
        let place = try Self.store()
        let file = #"{"threshold": 0, "categories": {"a\u001bb": {"positive": ["a cat"]}}}"#
        let result = try place.classify(categories: file)
        #expect(result.status == 0, "\(result.errors)")
        let path = place.path("categories.yaml")
        let diff = try place.run("diff", place.path("store"), path, path)
        for output in [result.output, diff.output] {
            #expect(output.contains(#"a\u{1b}b"#) && !output.contains("\u{1b}"), "\(output)")
        }
    }

    @Test func thresholdsOfAnotherModelAreRefused() throws {
        let place = try Self.store()
        let result = try place.classify(categories: "model: abcdef\n" + Self.categories)
        #expect(result.status == 3)
        #expect(result.errors.contains("abcdef") && result.errors.contains("Calibrate"))
    }
}
