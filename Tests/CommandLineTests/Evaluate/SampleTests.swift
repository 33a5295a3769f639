import CLIPCore
import Testing

/// `sample`: images to label, and what their labels tell.
@Suite(.serialized, .ownThreads) struct SampleTests {
    /// Eight images in a store, and a category file.
    private func place() throws -> Workplace {
        let place = try Workplace()
        for copy in 0..<4 {
            try place.addPhoto("rgb-420.jpg", as: "a\(copy).jpg")
            try place.addPhoto("rgb-8.png", as: "b\(copy).png")
        }
        try #require(try place.embed().status == 0)
        try place.write(Workplace.categories, "categories.yaml")
        return place
    }

    private func sample(_ place: Workplace, _ count: Int, _ output: String, _ options: String...) throws -> Tool.Result
    {
        let arguments = ["sample", place.path("store"), "--categories", place.path("categories.yaml")]
        let rest = ["--per-category", "\(count)", "--output", place.path(output)]
        return try Tool.run(arguments + rest + options, scratch: place.folder)
    }

    private func text(_ place: Workplace, _ name: String) throws -> String {
        String(decoding: try FileBytes.read(place.path(name)), as: UTF8.self)
    }

    @Test func roundsAddToEachOtherAndTheLabelsAreEvaluated() throws {
        let place = try place()
        let first = try sample(place, 4, "first.csv")
        #expect(first.status == 0, "\(first.errors)")
        #expect(first.output.contains("Round 1: 8 labels needed"))
        let drawn = try text(place, "first.csv")
        #expect(drawn.hasPrefix("id,category,label,probability,round\r\n"))
        #expect(drawn.split(separator: "\r\n").count == 9)

        try place.write(drawn.replacing(",cat,,", with: ",cat,1,").replacing(",car,,", with: ",car,0,"), "labels.csv")
        let second = try sample(place, 2, "second.csv", "--labels", place.path("labels.csv"))
        #expect(second.status == 0, "\(second.errors)")
        #expect(second.output.contains("Over all 8 images; brackets: 95 % confidence intervals."))
        #expect(second.output.contains("Round 2: 4 labels needed"))
        let both = try text(place, "second.csv")
        #expect(both.split(separator: "\r\n").count == 13)
        #expect(both.components(of: ",cat,1,") == 4)

        let evaluated = try place.run(
            "evaluate",
            place.path("store"),
            "--categories",
            place.path("categories.yaml"),
            "--labels",
            place.path("second.csv")
        )
        #expect(evaluated.status == 0, "\(evaluated.errors)")
    }

    @Test func thePageShowsTheDrawnImages() throws {
        let place = try place()
        let result = try sample(place, 3, "to-label.csv", "--report", place.path("to-label.html"))
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.output.contains("Page for labelling: \(place.path("to-label.html"))"))
        let page = try text(place, "to-label.html")
        #expect(page.contains("a0.jpg") || page.contains("b0.png") || page.contains("a1.jpg"))
    }

    @Test func idsThatUnicodeComposesDifferentlyAreTwoImages() throws {
        let place = try Workplace()
        for name in ["caf\u{E9}.png", "cafe\u{301}.png"] { try place.addPhoto("rgb-8.png", as: name) }
        try #require(try place.embed().status == 0)
        try place.write(Workplace.categories, "categories.yaml")
        let result = try sample(place, 2, "to-label.csv", "--report", place.path("to-label.html"))
        #expect(result.output.contains("4 labels needed, on 2 images."), "\(result.output)\(result.errors)")
        #expect(try text(place, "to-label.html").components(of: #","1.0",1"#) == 4)
    }

    @Test func labelsThatWereNotDrawnAreRefused() throws {
        let place = try place()
        try place.write("id,category,label\na0.jpg,cat,1\n", "own.csv")
        let result = try sample(place, 3, "to-label.csv", "--labels", place.path("own.csv"))
        #expect(result.status == 3)
        #expect(result.errors.contains("own.csv: the label of 'a0.jpg' for category 'cat' has no probability"))
        #expect((try? FileBytes.read(place.path("to-label.csv"))) == nil)
    }

    @Test func optionsAreChecked() throws {
        let place = try place()
        #expect(try sample(place, 0, "x.csv").errors.contains("--per-category must be from 1 to 100000."))
        #expect(try sample(place, 3, "x.csv", "--report", "x.txt").errors.contains("--report must end in .html"))
        #expect(try sample(place, 3, "x.csv", "--images", place.path("photos")).errors.contains("add --report"))
        #expect(try sample(place, 3, "x.csv", "--measure", "accuracy").status == 2)
    }
}

extension String {
    /// How often a text occurs.
    fileprivate func components(of text: String) -> Int { ranges(of: text).count }
}
