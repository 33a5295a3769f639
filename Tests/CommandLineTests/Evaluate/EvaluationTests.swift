import CLIPCore
import Testing

@Suite(.serialized, .ownThreads) struct EvaluationTests {
    /// Three images in a store, and a file of labels.
    private func place(labels: String) throws -> Workplace {
        let place = try Workplace()
        for name in ["rgb-420.jpg", "rgb-8.png", "1x1.png"] { try place.addPhoto(name, as: name) }
        try #require(try place.embed().status == 0)
        try place.write(Workplace.categories, "categories.yaml")
        try place.write(labels, "labels.csv")
        return place
    }

    private func evaluate(_ place: Workplace, _ options: String...) throws -> Tool.Result {
        try evaluate(place, options)
    }

    private func evaluate(_ place: Workplace, _ options: [String]) throws -> Tool.Result {
        let files = ["--categories", place.path("categories.yaml"), "--labels", place.path("labels.csv")]
        return try Tool.run(["evaluate", place.path("store")] + files + options, scratch: place.folder)
    }

    @Test func figuresAreShownAndWritten() throws {
        let place = try place(labels: "id,category,label\nrgb-420.jpg,cat,1\nrgb-8.png,cat,0\n1x1.png,car,0\n")
        let result = try evaluate(place, "--output", place.path("m.csv"), "--curves", place.path("c.csv"))
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.output.contains("Undefined, and excluded from the means: 'car' (there is no positive label)."))
        #expect(result.output.contains("3 labelled images, 3 of 6 pairs of image and category labelled."))
        #expect(String(decoding: try FileBytes.read(place.path("m.csv")), as: UTF8.self).contains("\r\ncat,1,1,1,"))
        #expect(
            String(decoding: try FileBytes.read(place.path("c.csv")), as: UTF8.self).contains("\r\ncat,,1.0,0.0\r\n")
        )
    }

    @Test func decisionsThatWereWrittenAreEvaluatedLikeTheStore() throws {
        let place = try place(labels: "id,category,label\nrgb-420.jpg,cat,1\nrgb-8.png,cat,0\n1x1.png,car,0\n")
        let expected = try evaluate(place, "--output", place.path("m.csv"))
        let (categories, results) = (place.path("categories.yaml"), place.path("r.parquet"))
        for options in [[], ["--decisions-only"]] {
            let classify = [
                "classify", place.path("store"), "--categories", categories, "--output", results, "--force",
            ]
            try #require(try Tool.run(classify + options, scratch: place.folder).status == 0)
            let files = [
                "--categories", categories, "--labels", place.path("labels.csv"), "--output", place.path("n.csv"),
            ]
            let result = try Tool.run(["evaluate", results] + files, scratch: place.folder)
            guard options.isEmpty else {
                #expect(result.status != 0 && result.errors.contains("has decisions but no scores"), "\(result.errors)")
                continue
            }
            #expect(result.status == 0, "\(result.errors)")
            #expect(
                result.output.replacing(place.path("n.csv"), with: "")
                    == expected.output.replacing(place.path("m.csv"), with: "")
            )
            #expect(try FileBytes.read(place.path("n.csv")) == FileBytes.read(place.path("m.csv")))
        }
    }

    @Test func nothingThatIsReadIsWrittenOver() throws {
        let labels = "id,category,label\nrgb-420.jpg,cat,1\n"
        let place = try place(labels: labels)
        for (options, reason) in [
            (["--output", place.path("./labels.csv")], "would overwrite"),
            (["--curves", place.path("categories.yaml")], "would overwrite"),
            (["--output", place.path("store/part-00000.parquet")], "--output writes CSV"),
            (["--output", place.path("m.csv"), "--curves", place.path("./m.csv")], "name the same file"),
        ] {
            let result = try evaluate(place, options)
            #expect(result.status == 2 && result.errors.contains(reason), "\(result.errors)")
        }
        #expect(String(decoding: try FileBytes.read(place.path("labels.csv")), as: UTF8.self) == labels)
        #expect((try? FileBytes.read(place.path("m.csv"))) == nil)
    }

    @Test func theMatrixOfExclusiveCategoriesIsShownAndWritten() throws {
        let place = try place(labels: "id,category\nrgb-420.jpg,cat\nrgb-8.png,\n")
        let result = try evaluate(place, "--exclusive", "--confusion", place.path("m.csv"), "--resamples", "0")
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.output.contains("label / decision"))
        #expect(
            String(decoding: try FileBytes.read(place.path("m.csv")), as: UTF8.self)
                .hasPrefix("group,truth,cat,car,(none)\r\n,cat,")
        )
        let withoutFlag = try evaluate(place, "--confusion", place.path("m.csv"))
        #expect(withoutFlag.status == 2 && withoutFlag.errors.contains("--exclusive"), "\(withoutFlag.errors)")

        try place.write("rule: {name: softmax, group: things}\n" + Workplace.categories, "categories.yaml")
        let ofGroup = try evaluate(place, "--confusion", place.path("m.csv"), "--resamples", "0")
        #expect(ofGroup.status == 0, "\(ofGroup.errors)")
        #expect(ofGroup.output.contains("Group 'things'\nlabel / decision"))
        #expect(String(decoding: try FileBytes.read(place.path("m.csv")), as: UTF8.self).contains("\r\nthings,car,"))
    }

    @Test func cosinesAndProbabilitiesAreNotComparedWithEachOther() throws {
        let place = try place(labels: "id,category\nrgb-420.jpg,cat\nrgb-8.png,\n")
        let rule = "car: {rule: {name: sigmoid, logit_scale: 100, logit_bias: -20}, "
        try place.write(Workplace.categories.replacing("car: {", with: rule), "categories.yaml")
        let result = try evaluate(place, "--exclusive")
        #expect(result.status == 3 && result.errors.contains("cannot be compared"), "\(result.errors)")
    }

    /// Whatever the store of the images that a rule learned from is called.
    @Test func imagesThatARuleLearnedFromDoNotCount() throws {
        let place = try place(labels: "id,category,label\nrgb-420.jpg,gray,1\nrgb-8.png,gray,0\n1x1.png,gray,0\n")
        try place.write("threshold: 0\nrule: nearest-exemplar\ncategories: {gray: {}}", "categories.yaml")
        try place.write("id,category,label\nrgb-420.jpg,gray,1\nrgb-8.png,gray,0\n", "exemplars.csv")
        let exemplars = ["--exemplars", place.path("exemplars.csv"), "--exemplar-store", place.path("./store")]
        let result = try evaluate(place, exemplars[0], exemplars[1], exemplars[2], exemplars[3])
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.errors.contains("Ignored 2 labels from which the category's rule learned (--exemplars)."))
        #expect(result.output.contains("'gray' (there is no positive label)"), "\(result.output)")
    }

    @Test func anImageOfTwoCategoriesLeavesOutTheMatrixAlone() throws {
        let place = try place(labels: "id,category\nrgb-420.jpg,cat\nrgb-420.jpg,car\nrgb-8.png,\n")
        try place.write("rule: {name: softmax, group: things}\n" + Workplace.categories, "categories.yaml")
        let result = try evaluate(place, "--resamples", "0")
        #expect(result.status == 0, "\(result.errors)")
        #expect(
            result.errors.contains("warning: no confusion matrix: Image 'rgb-420.jpg' belongs to 'cat' and to 'car'")
        )
        #expect(result.output.contains("(micro)") && !result.output.contains("label / decision"))
        let asked = try evaluate(place, "--resamples", "0", "--confusion", place.path("m.csv"))
        #expect(asked.status == 3 && asked.output.isEmpty, "\(asked.output)")
    }

    @Test func drawnLabelsAreWeighted() throws {
        let place = try place(
            labels:
                "id,category,label,probability,round\nrgb-420.jpg,cat,1,1,1\nrgb-8.png,cat,0,0.5,1\n1x1.png,cat,,0.5,2\n"
        )
        let result = try evaluate(place, "--output", place.path("m.csv"))
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.output.contains("prevalence"))
        #expect(result.output.contains("2 labelled images, 2 of 4 pairs of image and category labelled."))
        let line = String(decoding: try FileBytes.read(place.path("m.csv")), as: UTF8.self).split(separator: "\r\n")[1]
        let numbers = line.split(separator: ",").compactMap { Double($0) }
        // The weighted numbers of decisions: one positive image, and a negative one that stands for four, the two that it was
        // drawn for and two of the image without a label.
        #expect(numbers[7..<11].reduce(0, +) == 5, "\(line)")
        #expect(
            result.errors.contains(
                "warning: of 3 rows for 'cat', 1 has no label yet. They are taken to be like those drawn"
            ),
            "\(result.errors)"
        )
    }

    /// No label is positive; the estimates exist all the same, and the pairs of the only labelled category have them too.
    @Test func drawnLabelsAreEstimatedWithoutAPositiveOne() throws {
        let place = try place(
            labels: "id,category,label,probability\nrgb-420.jpg,cat,0,1\nrgb-8.png,cat,0,1\n1x1.png,cat,unsure,1\n"
        )
        let result = try evaluate(place, "--output", place.path("m.csv"))
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.errors.contains("warning: of 3 rows for 'cat', 1 is labelled 'unsure'."), "\(result.errors)")
        #expect(result.output.contains("AP is undefined, and excluded from mAP: 'cat' (there is no positive label)"))
        let lines = String(decoding: try FileBytes.read(place.path("m.csv")), as: UTF8.self).split(separator: "\r\n")
        let metrics = lines.map { $0.split(separator: ",", omittingEmptySubsequences: false)[12..<21] }
        #expect(metrics[1].allSatisfy { !$0.isEmpty })
        #expect(metrics[3] == metrics[1] && metrics[4] == metrics[1], "\(lines)")
    }

    @Test func nothingIsWrittenWhereOneFileCannotBe() throws {
        let place = try place(labels: "id,category,label\nrgb-420.jpg,cat,1\nrgb-8.png,cat,0\n")
        let result = try evaluate(place, "--output", place.path("m.csv"), "--curves", place.path("gone/c.csv"))
        #expect(result.status == 3 && result.errors.contains("Cannot write \(place.path("gone/c.csv")): No such file"))
        #expect(result.output.isEmpty)
        #expect((try? FileBytes.read(place.path("m.csv"))) == nil)
    }

    @Test func ablationSaysWhatItCannotMeasure() throws {
        let place = try place(labels: "id,category\nrgb-420.jpg,cat\nrgb-8.png,\n")
        let files = ["--categories", place.path("categories.yaml"), "--labels", place.path("labels.csv")]
        let command = ["ablate", place.path("store")] + files + ["--output", place.path("effects.csv")]
        let result = try Tool.run(command, scratch: place.folder)
        #expect(result.status == 0, "\(result.errors)")
        #expect(
            result.output.contains("Skipped: 'cat': it needs at least 5 positive and 5 negative labels.")
        )
        let effects = String(decoding: try FileBytes.read(place.path("effects.csv")), as: UTF8.self)
        #expect(
            effects.hasPrefix("category,part,text,f1_with,f1_effect,f1_low,f1_high,f1_verdict,average_precision_with,")
        )
    }

    @Test func labelsOfMissingImagesAreRefusedOrLeftOutOnRequest() throws {
        let place = try place(labels: "id,category\nrgb-420.jpg,cat\nnone.jpg,cat\n")
        let result = try evaluate(place)
        #expect(result.status == 3)
        let store = place.path("store")
        #expect(result.errors.contains("1 of 2 labelled images is not in \(store): 'none.jpg'."))
        let advice = "Correct the id, embed this image, or, for --labels, use --skip-missing."
        #expect(result.errors.contains(advice))
        let rest = try evaluate(place, "--skip-missing")
        #expect(rest.status == 0)
        #expect(rest.errors.contains("ignored 1 labelled image that is not in \(store)"))
    }
}
