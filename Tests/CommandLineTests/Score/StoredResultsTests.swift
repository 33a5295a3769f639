import CLIPArrow
import CLIPCore
import CLIPTesting
import Testing

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Results that commands read again: decided as before.
@Suite(.serialized, .ownThreads) struct StoredResultsTests {
    /// The numbers are such that some images match and some do not, for more than one reason.
    private static let files = [
        // Neutral descriptions are in the sum: there is no neutral test.
        """
        rule: {name: softmax, logit_scale: 5}
        threshold: 0.25
        neutral: ["a photo."]
        categories:
          cat: {positive: ["a cat", "a kitten"], negative: ["a dog"]}
          "gray, \\"or\\" dark": {positive: ["a gray picture"]}
        """,
        """
        threshold: 0
        neutral: ["a photo."]
        neutral_margin: 0.01
        categories:
          cat: {positive: ["a cat", "a kitten"], negative: ["a dog"]}
          car: {positive: ["a car"], rule: best-prompt}
          colour: {positive: ["a colour"], rule: {name: softmax, logit_scale: 5}, threshold: 0.4}
          gray: {rule: nearest-exemplar}
        """,
    ]

    private static func store() throws -> Workplace {
        let place = try Workplace()
        for (index, name) in ["rgb-420.jpg", "gray.jpg", "rgb-8.png"].enumerated() {
            try place.addPhoto(name, as: "\(index).\(name.split(separator: ".").last ?? "")")
        }
        try #require(try place.embed().status == 0)
        try place.write("id,category,label\n1.jpg,gray,1\n0.jpg,gray,0\n", "labels.csv")
        return place
    }

    @Test(arguments: files.indices)
    func resultsAndScoresAreDecidedAsTheEmbeddings(_ index: Int) throws {
        let place = try Self.store()
        let file = Self.files[index]
        try place.write(file, "categories.yaml")
        func run(_ command: String, _ input: String, _ output: String) throws -> [UInt8] {
            let exemplars =
                file.contains("exemplar") && input == "store" ? ["--exemplars", place.path("labels.csv")] : []
            let arguments = [
                command, place.path(input), "--categories", place.path("categories.yaml"), "--output",
                place.path(output),
            ]
            let result = try Tool.run(arguments + exemplars, scratch: place.folder)
            try #require(result.status == 0, "\(result.errors)")
            return try FileBytes.read(place.path(output))
        }
        let direct = try run("classify", "store", "direct.csv")
        for command in ["classify", "score"] {
            _ = try run(command, "store", "\(command).parquet")
            #expect(try run("classify", "\(command).parquet", "again.csv") == direct)
        }
        let lines = try run("classify", "store", "direct.jsonl")
        #expect(try run("classify", "classify.parquet", "again.jsonl") == lines)
        let text = String(decoding: direct, as: UTF8.self)
        #expect(text.contains(",match,") && text.contains(",below-threshold,"), "\(text)")

        let page = place.path("report.html")
        let report = try place.run(
            "report",
            place.path("store"),
            "--results",
            place.path("classify.parquet"),
            "--output",
            page
        )
        #expect(report.status == 0, "\(report.errors)")
    }

    @Test func scoresOfAnotherRuleAreRefusedByName() throws {
        let place = try Self.store()
        try #require(try place.classify("results.parquet", categories: Self.files[0]).status == 0)
        try place.write(Self.files[0].replacing("{name: softmax, logit_scale: 5}", with: "contrast"), "other.yaml")
        let result = try place.run(
            "classify",
            place.path("results.parquet"),
            "--categories",
            place.path("other.yaml"),
            "--output",
            place.path("again.csv")
        )
        #expect(result.status == 3)
        #expect(
            result.errors.contains(
                "the category 'cat' was scored with the rule 'softmax (scale 5.0)' and cannot be decided by the rule "
                    + "'contrast'. Give the category this rule, or score the embeddings again."
            ),
            "\(result.errors)"
        )
    }

    @Test func exemplarsAreNotIgnored() throws {
        let place = try Self.store()
        try place.write(Self.files[1], "categories.yaml")
        func classify(_ input: String, _ output: String) throws -> Tool.Result {
            try place.run(
                "classify",
                place.path(input),
                "--categories",
                place.path("categories.yaml"),
                "--exemplars",
                place.path("labels.csv"),
                "--output",
                place.path(output)
            )
        }
        try #require(try classify("store", "results.parquet").status == 0)
        let result = try classify("results.parquet", "again.csv")
        #expect(result.status == 2, "\(result.errors)")
        #expect(result.errors.contains("--exemplars has no effect on scores that are computed already"))
    }

    @Test func scoresInATextFileAreRefusedByTheirFormat() throws {
        let place = try Self.store()
        try #require(try place.classify("results.csv", categories: Self.files[0]).status == 0)
        let result = try place.run(
            "classify",
            place.path("results.csv"),
            "--categories",
            place.path("categories.yaml"),
            "--output",
            place.path("again.csv")
        )
        #expect(result.status == 3)
        #expect(result.errors.contains("only scores in a Parquet file can be read"), "\(result.errors)")
    }

    @Test func jsonLinesKeepTheOrderOfTheCategoryFile() throws {
        let place = try Self.store()
        let categories = "threshold: -1\ncategories: {zebra: {positive: [a zebra]}, ape: {positive: [an ape]}}"
        #expect(try place.classify("results.jsonl", categories: categories).status == 0)
        let text = String(decoding: try FileBytes.read(place.path("results.jsonl")), as: UTF8.self)
        #expect(text.hasPrefix(#"{"id":"0.jpg","categories":["zebra","ape"],"score":{"zebra":"#), "\(text)")
    }

    /// The stores have an image of the same id; the other images have no picture.
    @Test func aReportTakesResultsOfAnotherStoreOfTheModel() throws {
        let place = try Self.store()
        try place.write(ImageFile.bytes("gray.jpg"), "other/1.jpg")
        try #require(try place.run("embed", place.path("other"), "--output", place.path("second")).status == 0)
        try #require(try place.classify("results.parquet").status == 0)
        let files = ["--results", place.path("results.parquet"), "--output", place.path("page.html")]
        let result = try Tool.run(["report", place.path("second")] + files, scratch: place.folder)
        #expect(result.status == 0, "\(result.errors)")
        let note = "2 of 3 images have no picture: their files were not found or could not be read."
        #expect(result.output.hasPrefix("3 of 3 images shown\n\(note)\n"), "\(result.output)")

        try place.write(ImageFile.bytes("gray.jpg"), "third/x.jpg")
        try #require(try place.run("embed", place.path("third"), "--output", place.path("last")).status == 0)
        let none = try Tool.run(["report", place.path("last")] + files, scratch: place.folder)
        let hint =
            "None of the images in the results are in the store \(place.path("last")). Pass the store that the results"
        #expect(none.status == 3 && none.errors.hasPrefix("error: \(hint) come from"), "\(none.errors)")
    }

    /// They are where they were: to pass other sources would not help.
    @Test func aReportOnImagesThatCannotBeReadHasNoPictures() throws {
        let place = try Self.store()
        try #require(try place.classify("results.parquet").status == 0)
        for name in place.folder.names(in: "photos") { try place.write("no image", "photos/\(name)") }
        let files = ["--results", place.path("results.parquet"), "--output", place.path("page.html")]
        let result = try Tool.run(["report", place.path("store")] + files, scratch: place.folder)
        #expect(result.status == 0 && result.output.contains("images have no picture"), "\(result)")
    }

    @Test func aReportWhoseListedImagesHaveMovedIsNotReplaced() throws {
        let place = try Self.store()
        let files = place.folder.names(in: "photos").map { place.path("photos/\($0)") }
        try place.write(files.joined(separator: "\n"), "list.txt")
        let embed = ["embed", "--files-from", place.path("list.txt"), "--output", place.path("store")]
        try #require(try Tool.run(embed + ["--allow-new-ids", "--prune"], scratch: place.folder).status == 0)
        try #require(try place.classify("results.parquet").status == 0)
        let report = ["--results", place.path("results.parquet"), "--output", place.path("page.html")]
        func run() throws -> Tool.Result {
            try Tool.run(["report", place.path("store")] + report, scratch: place.folder)
        }
        #expect(try run().status == 0)
        let page = try FileBytes.read(place.path("page.html"))
        try #require(rename(place.path("photos"), place.path("moved")) == 0)
        let moved = try run()
        #expect(moved.status == 3 && moved.errors.contains("Pass their sources with --images"), "\(moved.errors)")
        #expect(try FileBytes.read(place.path("page.html")) == page)
    }

    @Test func aReportSaysHowManyImagesTheResultsLack() throws {
        let place = try Self.store()
        try #require(try place.classify("results.parquet").status == 0)
        let files = ["--results", place.path("results.parquet"), "--output", place.path("page.html")]
        let report = ["report", place.path("store")] + files
        let before = try Tool.run(report, scratch: place.folder)
        #expect(before.status == 0 && before.errors.isEmpty, "\(before.errors)")
        try place.addPhoto("gray.jpg", as: "new.jpg")
        try #require(try place.embed().status == 0)
        let after = try Tool.run(report, scratch: place.folder)
        let warning = "1 image of the store \(place.path("store")) is not in the results. Run 'clip-cli classify' again"
        #expect(after.status == 0 && after.errors.contains(warning), "\(after.errors)")
    }

    @Test func movedImagesAreNamedOnce() throws {
        let place = try Self.store()
        try #require(try place.classify("results.parquet").status == 0)
        try #require(rename(place.path("photos"), place.path("moved")) == 0)
        let files = ["--results", place.path("results.parquet"), "--output", place.path("page.html")]
        let result = try Tool.run(["report", place.path("store")] + files, scratch: place.folder)
        #expect(result.status == 3 && result.errors.contains("Pass their sources with --images"), "\(result.errors)")
        #expect(result.errors.split(separator: place.path("photos")).count == 2, "\(result.errors)")
    }
}
