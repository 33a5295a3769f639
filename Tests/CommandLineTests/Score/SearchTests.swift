import CLIPArrow
import CLIPCore
import Testing

@Suite(.serialized, .ownThreads) struct SearchTests {
    /// A store of four photos: one twice, one that EXIF turns.
    private func place(_ options: String...) throws -> Workplace {
        let place = try Workplace()
        try place.addPhoto("rgb-420.jpg", as: "a.jpg")
        try place.addPhoto("orientation-6.jpg", as: "b.jpg")
        try place.addPhoto("rgb-420.jpg", as: "c.jpg")
        try place.addPhoto("gray.jpg", as: "d.jpg")
        let result = try Tool.run(
            ["embed", place.path("photos"), "--output", place.path("store")] + options,
            scratch: place.folder
        )
        try #require(result.status == 0, "\(result.errors)")
        return place
    }

    private func search(_ place: Workplace, _ arguments: String...) throws -> Tool.Result {
        try Tool.run(["search", place.path("store")] + arguments, scratch: place.folder)
    }

    private func lines(_ text: String) -> [String] {
        text.split(whereSeparator: \.isNewline).map(String.init)
    }

    @Test(arguments: ["apply", "ignore"])
    func anImageFindsItselfFirstAsTheStoreSawIt(orientation: String) throws {
        let place = try place("--exif-orientation", orientation)
        let result = try search(place, "--image", place.path("photos/b.jpg"), "-k", "2", "--format", "csv")
        #expect(result.status == 0, "\(result.errors)")
        let rows = lines(result.output)
        #expect(rows.count == 3 && rows[0] == "id,cosine")
        let fields = rows[1].split(separator: ",")
        #expect(fields[0] == "b.jpg")
        // The store's batch held other images too, which changes the last digits.
        #expect(try #require(Float(fields[1])) > 0.9999)
    }

    @Test func limitsHoldForQueriesAndMayBeRaised() throws {
        let place = try place()
        try place.write("P2\n2 3000\n255\n" + String(repeating: "7 ", count: 6000), "long.pgm")
        let query = ["--image", place.path("long.pgm")]
        let refused = try Tool.run(["search", place.path("store")] + query, scratch: place.folder)
        #expect(refused.status == 3 && refused.errors.contains("--max-aspect-ratio"), "\(refused.errors)")
        let raised = ["--max-aspect-ratio", "2000"]
        let found = try Tool.run(["search", place.path("store")] + query + raised, scratch: place.folder)
        #expect(found.status == 0, "\(found.errors)")
        let prepare = ["preprocess", place.path("long.pgm"), "--output", place.path("pixels.npy")]
        #expect(try Tool.run(prepare + raised, scratch: place.folder).status == 0)
    }

    @Test func textsAndImagesMakeOneQueryOrOneEach() throws {
        let place = try place()
        let image = place.path("photos/d.jpg")
        let both = try search(place, "a dog", "a cat", "--image", image, "-k", "9", "--format", "jsonl")
        #expect(both.status == 0 && lines(both.output).count == 4, "\(both.errors)")
        let each = try search(
            place,
            "a dog",
            "a cat",
            "--image",
            image,
            "-k",
            "1",
            "--format",
            "csv",
            "--separate-queries"
        )
        let rows = lines(each.output)
        #expect(rows.count == 4 && rows[0] == "query,id,cosine")
        #expect(rows[1].hasPrefix("a dog,") && rows[3].hasPrefix("\(image),d.jpg,"))
    }

    @Test func aNegativeWeightLeadsAway() throws {
        let place = try place()
        let image = place.path("photos/d.jpg")
        let towards = try search(place, "--image", image, "--weights", "2", "--format", "csv")
        let away = try search(place, "--image", image, "--weights", "-1", "--format", "csv")
        #expect(lines(towards.output)[1].hasPrefix("d.jpg,"), "\(towards.errors)")
        #expect(lines(away.output)[4].hasPrefix("d.jpg,-"), "\(away.errors)")
    }

    @Test func mistakesInAQueryAreNamed() throws {
        let place = try place()
        let mistakes: [(arguments: [String], status: Int32, words: [String])] = [
            ([], 2, ["--image"]),
            (["a dog", "-k", "0"], 2, ["-k"]),
            (["a dog", "--weights", "1,2"], 2, ["2 numbers for 1"]),
            (["a dog", "--weights", "1,x"], 2, ["1,x"]),
            (["a dog", "--weights", "1", "--separate-queries"], 2, ["--separate-queries"]),
            (["a dog", "--output", "hits.txt"], 2, [".csv", "hits.txt"]),
            (["a dog", "a dog", "--weights", "1,-1"], 3, ["cancel"]),
            (["--image", place.path("gone.jpg")], 3, [place.path("gone.jpg")]),
        ]
        for (arguments, status, words) in mistakes {
            let result = try Tool.run(["search", place.path("store")] + arguments, scratch: place.folder)
            #expect(result.status == status, "\(arguments): \(result.errors)")
            for word in words { #expect(result.errors.contains(word), "\"\(word)\" is not in: \(result.errors)") }
        }
    }

    @Test func duplicatesAreGroupedUnderTheOneStoredFirst() throws {
        let place = try place()
        let found = try place.run("duplicates", place.path("store"), "--threshold", "0.9999", "--format", "csv")
        #expect(found.status == 0, "\(found.errors)")
        let rows = lines(found.output)
        #expect(rows.count == 3 && rows[0] == "group,id,cosine")
        #expect(rows[1] == "1,a.jpg,1.0" && rows[2].hasPrefix("1,c.jpg,"))
        #expect(found.errors.contains("1 group with 2 of 4 images"))
    }

    @Test(arguments: ["groups.csv", "groups.jsonl", "groups.parquet"])
    func groupsAreWrittenInTheFormatOfTheirName(_ name: String) throws {
        let place = try place()
        let found = try place.run("duplicates", place.path("store"), "--output", place.path(name))
        #expect(found.status == 0 && found.output.contains(name), "\(found.errors)")
        #expect(try FileBytes.read(place.path(name)).count > 20)
    }

    /// An empty line is not JSON.
    @Test func noDuplicatesAreNoLines() throws {
        let place = try Workplace()
        try place.addPhoto("gray.jpg", as: "a.jpg")
        try #require(try place.embed().status == 0)
        let found = try place.run("duplicates", place.path("store"), "--format", "jsonl")
        #expect(found.status == 0 && found.output.isEmpty, "\(found.output)\(found.errors)")
    }

    @Test func moreDuplicatesThanAllowedAreAnError() throws {
        let place = try place()
        let found = try place.run("duplicates", place.path("store"), "--threshold", "0.001", "--max-pairs", "1")
        #expect(found.status == 3 && found.errors.contains("Raise the threshold"), "\(found.errors)")
        #expect(try place.run("duplicates", place.path("store"), "--threshold", "2").status == 2)
    }
}
