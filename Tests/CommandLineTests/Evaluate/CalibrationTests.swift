import CLIPArrow
import CLIPCore
import CLIPTesting
import CLIPTorch
import Testing

/// Thresholds from labels, over a store whose vectors are made of the categories' own descriptions.
@Suite(.serialized, .ownThreads) struct CalibrationTests {
    static let categories = """
        # Mine.
        neutral: ["a photo."]
        threshold: 0.9 # far too high
        categories:
          cat: {positive: ["a cat"]} # the cats
          car:
            positive: ["a car"]
            threshold: 0.8   # also

        """

    /// 30 images of cats, 30 of cars and 60 of nothing in particular: descriptions with noise added.
    func place() async throws -> Workplace {
        let place = try Workplace()
        let texts = ["a cat", "a car", "a photo."]
        let result = try Tool.run(["encode-text"] + texts + ["--output", place.path("t.npy")], scratch: place.folder)
        try #require(result.status == 0, "\(result.errors)")
        let values = try FileBytes.read(place.path("t.npy"))[128...].withUnsafeBytes { bytes in
            (0..<bytes.count / 4).map { bytes.loadUnaligned(fromByteOffset: 4 * $0, as: Float.self) }
        }
        let model = try ModelBundle(named: ModelLibrary.defaultName).model
        let dimension = model.embeddingDimension
        var generator = SeededGenerator(seed: 1)
        var images = EmbeddingMatrix(dimension: dimension)
        for image in 0..<120 {
            let text = min(image / 30, 2)
            images.append(
                (0..<dimension).map { column in
                    values[text * dimension + column] + Float.random(in: -0.05...0.05, using: &generator)
                }
            )
        }
        try images.normalizeRows()
        let writer = try ParquetStoreWriter(path: place.path("store"), provenance: Provenance(model))
        try await writer.append(EmbeddingBlock(ids: (0..<120).map { "i\($0)" }, embeddings: images))
        try await writer.finish(.complete)
        try place.write(Self.categories, "categories.yaml")
        let rows = (0..<120).map { "i\($0),\(["cat", "car", "", ""][$0 / 30])\n" }
        try place.write("id,category\n" + rows.joined(), "labels.csv")
        return place
    }

    func calibrate(_ place: Workplace, _ options: String..., output: String = "new.yaml") throws -> Tool.Result {
        let files = ["--categories", place.path("categories.yaml"), "--output", place.path(output)]
        return try Tool.run(["calibrate", place.path("store")] + files + options, scratch: place.folder)
    }

    /// As in a pipe to `head`.
    @Test func theFileIsWrittenWhoeverStopsReading() async throws {
        let place = try await place()
        let files = ["--categories", place.path("categories.yaml"), "--labels", place.path("labels.csv")]
        try place.write("a cat\na car\na dog\na tree\n", "words.txt")
        let words = ["--vocabulary", place.path("words.txt")]
        for (index, (arguments, ending)) in [
            (["calibrate", "--target", "f1"] + files, "yaml"), (["evaluate"] + files, "csv"),
            (["ablate"] + files, "csv"),
            (["suggest"] + words, "yaml"),
        ].enumerated() {
            let path = place.path("\(index).\(ending)")
            let command = [arguments[0], place.path("store")] + arguments.dropFirst() + ["--output", path]
            _ = try Tool.run(command, script: #""$@" | true"#, scratch: place.folder)
            #expect((try? PathKind(path)) == .file, "\(arguments[0])")
        }
    }

    func text(_ place: Workplace, _ name: String) throws -> String {
        String(decoding: try FileBytes.read(place.path(name)), as: UTF8.self)
    }

    @Test func quantilesDoNotTakeTheMarginOfAnotherModel() async throws {
        let place = try await place()
        let model = String(repeating: "f", count: 64)
        try place.write("model: \(model)\nneutral_margin: 0.02\n" + Self.categories, "categories.yaml")
        let result = try calibrate(place, "--target", "background-quantile=0.9")
        #expect(result.status == 3 && result.errors.contains("neutral_margin 0.02"), "\(result.errors)")
        #expect(result.errors.contains(place.path("categories.yaml")), "\(result.errors)")
        #expect((try? FileBytes.read(place.path("new.yaml"))) == nil)
    }

    @Test func aNewFileHasFittedNumbersAndTheOldWords() async throws {
        let place = try await place()
        let labels = ["--labels", place.path("labels.csv")]
        let result = try calibrate(place, labels[0], labels[1], "--target", "f1", "--resamples", "50", "--histograms")
        #expect(result.status == 0, "\(result.errors)")
        for words in [
            "cat             30        90", "Neutral margin", "<- threshold", "New category file:", "Next: clip-cli",
        ] {
            #expect(result.output.contains(words), "\(words) is not in: \(result.output)")
        }
        let new = try text(place, "new.yaml")
        #expect(new.hasPrefix("# Mine.\n") || new.contains("\n# Mine.\n"))
        #expect(new.contains("threshold: 0.9 # far too high\n") && new.contains("} # the cats\n"))
        #expect(new.contains("   # also\n") && !new.contains("0.8"))
        #expect(try text(place, "categories.yaml") == Self.categories)

        let classified = try place.run(
            "classify",
            place.path("store"),
            "--categories",
            place.path("new.yaml"),
            "--output",
            place.path("results.csv")
        )
        #expect(classified.status == 0, "\(classified.errors)")
        #expect(classified.output.contains("cat           30") && classified.output.contains("(none)        60"))
    }

    @Test func withoutLabelsTheBackgroundDecides() async throws {
        let place = try await place()
        let result = try calibrate(place, "--target", "background-quantile=0.95")
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.output.contains("<- threshold"))
        #expect(
            result.output.contains(
                "Background images (more similar to the neutral descriptions than to any category): "
            )
        )
        #expect(try CategoryFile(contentsOf: place.path("new.yaml")).categories[0].threshold < 0.9)
        let few = try calibrate(place, "--target", "background-quantile=0.999", output: "other.yaml")
        #expect(few.status == 3)
        #expect(few.errors.contains("needs at least 1000"))
    }

    @Test func theNextCommandCanBeRunAsItIs() async throws {
        let place = try await place()
        let model = ModelLibrary.path(of: ModelLibrary.defaultName)
        let result = try calibrate(
            place,
            "--target",
            "background-quantile=0.95",
            "--model",
            model,
            output: "my new.yaml"
        )
        #expect(result.status == 0, "\(result.errors)")
        #expect(
            result.output.contains(
                "--categories '\(place.path("my new.yaml"))' --model \(model) --output results.parquet"
            ),
            "\(result.output)"
        )
    }

    @Test func nothingIsComputedForAFileThatCannotBeWritten() async throws {
        let place = try await place()
        let result = try calibrate(place, "--target", "background-quantile=0.95", output: "gone/new.yaml")
        #expect(result.status == 3 && result.errors.contains("gone/new.yaml"))
        #expect(result.output.isEmpty)
    }

    @Test func theInputIsReplacedOnlyWhenNamed() async throws {
        let place = try await place()
        let result = try calibrate(
            place,
            "--labels",
            place.path("labels.csv"),
            "--target",
            "recall=0.9",
            "--resamples",
            "0",
            output: "categories.yaml"
        )
        #expect(result.status == 0, "\(result.errors)")
        #expect(try CategoryFile(contentsOf: place.path("categories.yaml")).model != nil)
    }

    @Test func wrongUseIsExplained() throws {
        let place = try Workplace()
        for (options, words) in [
            (["--target", "f2"], "Unknown target 'f2'"), (["--target", "f1"], "--target f1 needs --labels"),
            (["--target", "background-quantile=0.9", "--labels", "x.csv"], "remove --labels"),
            (["--target", "f1", "--labels", "x.csv", "--folds", "2"], "--folds must be from 3"),
        ] {
            let result = try Tool.run(
                ["calibrate", "x", "--categories", "y", "--output", "z"] + options,
                scratch: place.folder
            )
            #expect(result.status == 2)
            #expect(result.errors.contains(words), "\(result.errors)")
        }
    }

    /// Labels that cannot be used are named, and the file that was there stays as it was.
    @Test func nothingIsWrittenWhenLabelsAreWrong() async throws {
        let place = try await place()
        try place.write(Self.categories + "model_sha256: as it was", "new.yaml")
        let good = try text(place, "labels.csv")
        let scarce = "id,category,label\n" + (0..<12).map { "i\($0),cat,1\n" }.joined()
        let shortages = "\n  'cat' has 0 negative labels\n  no labels: 'car'\n"
        for (labels, words) in [
            (good + "gone.jpg,cat\n", ["'gone.jpg'", "is not in"]), (good + "i0,bus\n", ["no category 'bus'"]),
            ("id,category,label\ni0,cat,1\ni0,cat,0\n", ["row 2", "'i0'"]),
            (scarce, ["Too few labels: at least 10 images", shortages]),
        ] {
            try place.write(labels, "labels.csv")
            let result = try calibrate(place, "--labels", place.path("labels.csv"), "--target", "f1")
            #expect(result.status == 3)
            for word in words { #expect(result.errors.contains(word), "\(word) is not in: \(result.errors)") }
            #expect(try text(place, "new.yaml").hasSuffix("as it was"))
        }
    }

    @Test func categoriesWithTooFewLabelsKeepTheirThresholds() async throws {
        let place = try await place()
        let rows = (0..<120).map { "i\($0),cat,\($0 < 30 ? 1 : 0)\n" }
        try place.write("id,category,label\n" + rows.joined() + "i30,car,1\n", "labels.csv")
        let result = try calibrate(place, "--labels", place.path("labels.csv"), "--target", "f1", "--resamples", "0")
        #expect(result.status == 0, "\(result.errors)")
        let kept =
            "Kept the threshold of 'car': 1 positive label and 0 negative labels (at least 10 are needed). Label 9 more images "
            + "that belong to it; the one so far scores "
        let margin = "\nThe neutral margin applies to all categories, including those with kept thresholds.\n"
        #expect(result.output.contains(kept) && result.output.contains(margin), "\(result.output)")
        let file = try CategoryFile(contentsOf: place.path("new.yaml"))
        #expect(file.categories[0].threshold != 0.9 && file.categories[1].threshold == 0.8)

        try place.write("id,category,label\n" + rows.joined(), "labels.csv")
        let unlabelled = try calibrate(
            place,
            "--labels",
            place.path("labels.csv"),
            "--target",
            "F1",
            "--resamples",
            "0",
            output: "unlabelled.yaml"
        )
        let line = "\nKept the thresholds of categories without labels: 'car'.\n"
        #expect(unlabelled.status == 0 && unlabelled.output.contains(line), "\(unlabelled.output)\(unlabelled.errors)")

        try place.write("model: \(String(repeating: "f", count: 64))\n" + Self.categories, "categories.yaml")
        let other = try calibrate(place, "--labels", place.path("labels.csv"), "--target", "f1", output: "other.yaml")
        #expect(other.status == 3 && other.errors.contains("threshold of category 'car' belongs to another model"))
    }

    @Test func evaluationOnTheLabelsThatThresholdsWereFittedToWarns() async throws {
        let place = try await place()
        let labels = place.path("labels.csv")
        try #require(try calibrate(place, "--labels", labels, "--target", "f1", "--resamples", "0").status == 0)
        let new = try text(place, "new.yaml")
        #expect(new.contains("model_sha256: \"") && new.contains("calibrated_on: \""))
        let command = ["evaluate", place.path("store"), "--categories", place.path("new.yaml"), "--resamples", "0"]
        let same = try Tool.run(command + ["--labels", labels], scratch: place.folder)
        #expect(same.status == 0 && same.errors.contains("were fitted to these labels"), "\(same.errors)")
        try place.write(try text(place, "labels.csv") + "i0,cat\n", "more.csv")
        let other = try Tool.run(command + ["--labels", place.path("more.csv")], scratch: place.folder)
        #expect(other.status == 0 && other.errors.isEmpty, "\(other.errors)")
    }

    @Test func theOldKeyOfTheModelIsRenamed() async throws {
        let place = try await place()
        try place.write("model: 0 # old\n" + Self.categories, "categories.yaml")
        let labels = ["--labels", place.path("labels.csv")]
        let result = try calibrate(place, labels[0], labels[1], "--target", "f1", "--resamples", "0")
        #expect(result.status == 0, "\(result.errors)")
        let new = try text(place, "new.yaml")
        #expect(new.contains("\nmodel_sha256: \"") && new.contains("\" # old\n") && !new.contains("model:"))
    }

    @Test func aTargetThatIsOutOfReachWritesNothing() async throws {
        let place = try await place()
        // The highest scores are those of cats, and these are said to be none.
        let rows = (0..<120).map { "i\($0),cat,\(60..<90 ~= $0 ? 1 : 0)\n" }
        let cars = (0..<120).map { "i\($0),car,\(30..<60 ~= $0 ? 1 : 0)\n" }
        try place.write("id,category,label\n" + (rows + cars).joined(), "labels.csv")
        let result = try calibrate(place, "--labels", place.path("labels.csv"), "--target", "precision=0.9")
        #expect(result.status == 3)
        #expect(result.errors.contains("Category 'cat' cannot reach precision=0.9: the best possible value is"))
        #expect(!place.folder.names().contains("new.yaml"))
    }
}
