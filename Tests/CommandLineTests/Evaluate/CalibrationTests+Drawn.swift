import CLIPCore
import Testing

/// Thresholds from labels that were drawn with known probabilities.
extension CalibrationTests {
    /// Every second image was drawn.
    @Test func drawnLabelsAreFittedToTheStoreAndEvaluatedAlike() async throws {
        let place = try await place()
        let rows = stride(from: 0, to: 120, by: 2).map { "i\($0),cat,\($0 < 30 ? 1 : 0),0.5\n" }
        try place.write("id,category,label,probability\n" + rows.joined(), "labels.csv")
        let labels = place.path("labels.csv")
        let result = try calibrate(place, "--labels", labels, "--target", "f1", "--resamples", "50")
        #expect(result.status == 0, "\(result.errors)")
        for words in [
            "Drawn labels: precision, recall and F1 are estimates for the whole store by a model of its scores.",
            "Brackets: 95 % confidence intervals (neutral margin: 50 bootstrap resamples).",
        ] {
            #expect(result.output.contains(words), "\(words) is not in: \(result.output)")
        }

        let evaluated = try place.run(
            "evaluate",
            place.path("store"),
            "--categories",
            place.path("new.yaml"),
            "--labels",
            labels
        )
        #expect(evaluated.status == 0, "\(evaluated.errors)")
        // Of the columns, calibrate prints the threshold before the metrics; all have intervals.
        let metrics = try [result, evaluated].map { try intervals(of: "cat", in: $0.output) }
        #expect(metrics[0].dropFirst().prefix(3) == metrics[1].prefix(3), "\(result.output)\n\(evaluated.output)")
        #expect(!evaluated.errors.contains("warning"), "\(evaluated.errors)")
        #expect(evaluated.errors.contains("note: the thresholds of "), "\(evaluated.errors)")
    }

    @Test func aWantedRecallIsFittedToTheStore() async throws {
        let place = try await place()
        let rows = stride(from: 0, to: 120, by: 2).map { "i\($0),cat,\($0 < 30 ? 1 : 0),0.5\n" }
        try place.write("id,category,label,probability\n" + rows.joined(), "labels.csv")
        let labels = place.path("labels.csv")
        let result = try calibrate(place, "--labels", labels, "--target", "recall=0.8", "--resamples", "50")
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.output.contains("estimates for the whole store by a model of its scores"), "\(result.output)")
        #expect(try intervals(of: "cat", in: result.output).count == 4, "\(result.output)")
    }

    /// Intervals that resampling would make too narrow are left out, and the rules' warning is printed.
    @Test func whereARuleLearnsFromDrawnLabelsThereAreNoIntervals() async throws {
        let place = try await place()
        let text = Self.categories.replacing("cat: {positive: [\"a cat\"]}", with: "cat: {rule: exemplar-mean}")
        try place.write(text, "categories.yaml")
        let rows = stride(from: 0, to: 120, by: 2).map { "i\($0),cat,\($0 < 30 ? 1 : 0),0.5\n" }
        try place.write("id,category,label,probability\n" + rows.joined(), "labels.csv")
        let labels = place.path("labels.csv")
        let result = try calibrate(place, "--labels", labels, "--target", "recall=0.8", "--resamples", "50")
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.output.contains("No intervals for 'cat': the labels were drawn"), "\(result.output)")
        #expect(try intervals(of: "cat", in: result.output).isEmpty, "\(result.output)")
        #expect(
            result.errors.contains(
                "warning: the thresholds of 'cat' were fitted to scores of rules that learned from 4/5"
            ),
            "\(result.errors)"
        )
    }

    /// Every image was drawn, from a store that had half as many.
    @Test func aStoreThatGrewIsMentioned() async throws {
        let place = try await place()
        let rows = stride(from: 0, to: 120, by: 2).map { "i\($0),cat,\($0 < 30 ? 1 : 0),1\n" }
        try place.write("id,category,label,probability\n" + rows.joined(), "labels.csv")
        let files = ["--categories", place.path("categories.yaml"), "--labels", place.path("labels.csv")]
        let result = try Tool.run(["evaluate", place.path("store")] + files, scratch: place.folder)
        #expect(result.status == 0, "\(result.errors)")
        #expect(
            result.errors.contains("of 'cat' stand for about 60 images, and the store has more now"),
            "\(result.errors)"
        )
    }

    /// What is in brackets in the row of a category.
    private func intervals(of category: String, in output: String) throws -> [Substring] {
        let line = try #require(output.split(separator: "\n").first { $0.hasPrefix(category + " ") })
        return line.split(separator: "[").dropFirst().map { $0.prefix { $0 != "]" } }
    }
}
