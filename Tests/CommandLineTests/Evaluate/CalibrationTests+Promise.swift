import CLIPCore
import Testing

/// What `--confidence` promises, and what it refuses to promise.
extension CalibrationTests {
    /// 30 positive images prove a recall of 0.9, and no precision of 0.95.
    @Test func aTargetIsPromisedOrAdviceIsGiven() async throws {
        let place = try await place()
        let labels = place.path("labels.csv")
        func promise(_ target: String) throws -> Tool.Result {
            try calibrate(place, "--labels", labels, "--target", target, "--confidence", "0.95")
        }
        let recall = try promise("recall=0.9")
        #expect(recall.status == 0, "\(recall.errors)")
        #expect(
            recall.output.contains(
                "recall=0.9 or more in the whole collection, with 95 % confidence for each category."
            ),
            "\(recall.output)"
        )
        #expect(try CategoryFile(contentsOf: place.path("new.yaml")).neutralMargin == 0)
        let precision = try promise("precision=0.95")
        #expect(precision.status == 3)
        #expect(precision.errors.contains("'cat': Label about "), "\(precision.errors)")
        let f1 = try promise("f1")
        #expect(f1.status == 2 && f1.errors.contains("--confidence needs --target precision=P or recall=R"))
    }

    /// All cats are labelled, and ten of the other 90 images.
    @Test func nothingIsPromisedFromLabelsThatAreNoRandomSample() async throws {
        let place = try await place()
        let rows = (0..<40).map { "i\($0),cat,\($0 < 30 ? 1 : 0)\n" }
        try place.write("id,category,label\n" + rows.joined(), "labels.csv")
        let options = ["--labels", place.path("labels.csv"), "--target", "recall=0.9"]
        let plain = try calibrate(place, options[0], options[1], options[2], options[3], "--resamples", "0")
        #expect(plain.status == 0, "\(plain.errors)")
        let warning = "the labels of 'cat' are not a random sample of the store"
        #expect(plain.errors.contains("warning: " + warning), "\(plain.errors)")

        func promise(_ extra: String...) throws -> Tool.Result {
            let files = ["--categories", place.path("categories.yaml"), "--output", place.path("promised.yaml")]
            let arguments = ["calibrate", place.path("store")] + files + options + ["--confidence", "0.95"] + extra
            return try Tool.run(arguments, scratch: place.folder)
        }
        let refused = try promise()
        #expect(refused.status == 3 && refused.errors.contains(warning), "\(refused.errors)")
        #expect(refused.errors.contains("--trust-labels"))
        #expect((try? FileBytes.read(place.path("promised.yaml"))) == nil)
        let trusted = try promise("--trust-labels")
        #expect(trusted.status == 0 && trusted.errors.contains("warning: " + warning), "\(trusted.errors)")
    }

    /// The margin that was fitted to the labels depends on them.
    @Test func nothingIsPromisedFromLabelsThatTheFileWasFittedTo() async throws {
        let place = try await place()
        let labels = ["--labels", place.path("labels.csv"), "--resamples", "0"]
        let files = ["--categories", place.path("categories.yaml"), "--output", place.path("f1.yaml")]
        let fitted = try Tool.run(
            ["calibrate", place.path("store"), "--target", "f1"] + files + labels,
            scratch: place.folder
        )
        try #require(fitted.status == 0, "\(fitted.errors)")
        func promise(_ extra: String...) throws -> Tool.Result {
            let files = ["--categories", place.path("f1.yaml"), "--output", place.path("promised.yaml")]
            let target = ["--target", "recall=0.9", "--confidence", "0.9"]
            let arguments = ["calibrate", place.path("store")] + files + labels + target + extra
            return try Tool.run(arguments, scratch: place.folder)
        }
        let refused = try promise()
        #expect(refused.status == 3 && refused.errors.contains("f1.yaml to these labels"), "\(refused.errors)")
        #expect((try? FileBytes.read(place.path("promised.yaml"))) == nil)
        let trusted = try promise("--trust-labels")
        #expect(trusted.status == 0 && trusted.errors.contains("f1.yaml to these labels"), "\(trusted.errors)")

        // As after another round of 'sample'.
        try place.write(text(place, "labels.csv") + "\n", "labels.csv")
        let more = try promise("--force")
        #expect(more.status == 0 && more.errors.contains("none of them is among these"), "\(more.errors)")
    }

    @Test func nothingIsPromisedFromASampleThatIsNotLabelledCompletely() async throws {
        let place = try await place()
        let rows = (0..<120).map { "i\($0),cat,\($0 < 30 ? "1" : $0 < 119 ? "0" : ""),1\n" }
        try place.write("id,category,label,probability\n" + rows.joined(), "labels.csv")
        let labels = place.path("labels.csv")
        let result = try calibrate(place, "--labels", labels, "--target", "recall=0.9", "--confidence", "0.95")
        #expect(result.status == 3 && result.errors.contains("no label yet for 'cat'"), "\(result.errors)")
    }

    @Test func aTargetOfOneIsNotPromised() async throws {
        let place = try await place()
        let labels = place.path("labels.csv")
        for target in ["recall=1", "precision=1.0"] {
            let result = try calibrate(place, "--labels", labels, "--target", target, "--confidence", "0.95")
            #expect(
                result.status == 2 && result.errors.contains("--confidence needs a target below 1"),
                "\(result.errors)"
            )
        }
    }
}
