import CLIPCore
import CLIPEvaluation
import Testing

/// Evaluations of drawn labels with the scores of the whole collection.
struct CollectionEvaluationTests {
    private func evaluation(
        _ collection: SampledCollection,
        _ sample: LabelSample,
        resamples: Int = 50
    ) throws -> (evaluation: Evaluation, estimates: [SampleEstimate?]) {
        let images = collection.images(sample)
        let evaluation = Evaluation(
            images,
            decisions: collection.decisions(images),
            collection: collection.scores,
            bootstrap: BootstrapOptions(resamples: resamples, seed: 4)
        )
        return (evaluation, collection.scores.estimates(images, seed: 4))
    }

    @Test func `metrics are the collection's estimates, and all pairs of one category have the same`() throws {
        let collection = SampledCollection(count: 3000, prevalence: 0.05)
        let (evaluation, estimates) = try evaluation(collection, LabelSampler().draw(80, from: collection.scores))
        let estimate = try #require(estimates[0])
        for metrics in [evaluation.categories[0].metrics, evaluation.micro, evaluation.macro] {
            #expect(metrics?.precision == estimate.precision)
            #expect(metrics?.recall == estimate.recall)
            #expect(metrics?.f1 == estimate.f1)
        }
        #expect(evaluation.categories[0].prevalence == estimate.prevalence)
    }

    /// Allowed are three binomial standard errors: 0.95 of 60 runs scatter by 8.4 percentage points.
    @Test func `intervals of average precision hold that of all images`() async throws {
        let threshold = SampledShape.normal25.threshold(0.01)
        let covered = try await Simulation.results(60) { generator in
            let collection = SampledShape.normal25.collection(0.01, threshold: threshold, &generator)
            let run = SampledRun(collection, seed: generator.next())
            let labels = run.drawn(try run.rounds([50, 100, 200])[2].labels)
            let estimate = collection.scores.averagePrecision(category: 0, labels: labels, seed: 0)
            let width = estimate?.interval.map { $0.upperBound - $0.lowerBound } ?? 1
            return (isCovered: estimate?.covers(collection.averagePrecision) == true, width: width)
        }
        #expect(Double(covered.count { $0.isCovered }) / 60 > 0.95 - 0.084)
        #expect(covered.reduce(0) { $0 + $1.width } / 60 < 0.6)
    }

    /// Taken as it is, a threshold that low gives intervals of which about half hold the truth.
    ///
    /// Allowed are three binomial standard errors: 0.95 of 16 runs scatter by 16.3 percentage points.
    @Test func `intervals of a threshold that was fitted for a recall hold the precision of all images`() async throws {
        let threshold = SampledShape.normal25.threshold(0.001)
        let covered = try await Simulation.results(16) { generator in
            let images = SampledShape.normal25.images(0.001, count: 30_000, &generator)
            let collection = SimulatedCollection(images, threshold: threshold)
            let run = SampledRun(collection, seed: generator.next())
            let labels = run.drawn(try run.rounds([50, 100, 200, 400])[3].labels)
            // Four fifths of the positive images score 1.66 or more.
            let decided = collection.deciding(threshold: 1.66)
            let truth = decided.truth(.precision).value
            return [true, false].map { isFitted in
                decided.scores.estimate(category: 0, labels: labels, isFitted: isFitted, seed: 0).precision.covers(
                    truth
                )
            }
        }
        #expect(
            Double(covered.count { $0[0] }) / 16 > 0.95 - 0.163,
            "\(covered.count { $0[0] }) \(covered.count { $0[1] })"
        )
    }

    /// Average precision ranks by score alone, with ties, whatever the neutral test says.
    @Test func `average precision of a census is known`() throws {
        var scores = CollectionScores(categories: ["dog"])
        var labels = [SampledLabel]()
        var items = [(score: Float, isPositive: Bool)]()
        var generator = SeededGenerator(seed: 2)
        for row in 0..<300 {
            let isPositive = generator.unit() < 0.3
            let score = Float((generator.normals().0 * 4 + (isPositive ? 6 : 0)).rounded() / 4)
            scores.append(id: "\(row)", scores: [score], isMatch: [score > 1 && row % 3 != 0])
            items.append((score, isPositive))
            labels.append(SampledLabel(row: row, isPositive: isPositive, probability: 1))
        }
        let estimate = try #require(scores.averagePrecision(category: 0, labels: labels, seed: 0))
        let truth = SimulatedCollection(items, threshold: 0).averagePrecision
        #expect(abs(estimate.value - truth) < 0.01, "\(estimate) \(truth)")
        #expect(try #require(estimate.interval) == estimate.value...estimate.value)
    }

    @Test func `no resamples, no intervals`() throws {
        let collection = SampledCollection(count: 3000, prevalence: 0.05)
        let sample = try LabelSampler().draw(80, from: collection.scores)
        let bare = try evaluation(collection, sample, resamples: 0).evaluation
        #expect(bare.categories[0].metrics?.f1.interval == nil)
        #expect(bare.macro?.f1.interval == nil && bare.micro?.f1.interval == nil)
        #expect(bare.categories[0].prevalence?.interval == nil)
        #expect(bare.categories[0].averagePrecision != nil && bare.categories[0].averagePrecision?.interval == nil)
    }

    /// The mean of two categories with the same images and labels is as uncertain as each.
    @Test func `samples that share images are not taken for independent`() throws {
        let collection = SampledCollection(count: 3000, prevalence: 0.05, categories: ["dog", "puppy"], isSame: true)
        let evaluation = try evaluation(collection, LabelSampler().draw(80, from: collection.scores)).evaluation
        let interval = try #require(evaluation.categories[0].metrics?.f1.interval)
        for mean in [evaluation.macro, evaluation.micro] {
            let bounds = try #require(mean?.f1.interval)
            #expect(abs(bounds.lowerBound - interval.lowerBound) < 1e-9)
            #expect(abs(bounds.upperBound - interval.upperBound) < 1e-9)
        }
    }

    @Test func `a category without a positive label has estimates, and takes part in the mean`() throws {
        let collection = SampledCollection(count: 3000, prevalence: 0)
        let evaluation = try evaluation(collection, LabelSampler().draw(50, from: collection.scores)).evaluation
        let category = evaluation.categories[0]
        #expect(category.counts.positives == 0 && category.averagePrecision == nil)
        let metrics = try #require(category.metrics)
        #expect(try #require(metrics.precision.interval).upperBound < 0.2)
        #expect(evaluation.macro?.precision == metrics.precision)
        #expect(category.undefinedReason == "there is no positive label")
    }

    @Test func `what no image matches has no known precision, and labels are drawn for its prevalence`() throws {
        var scores = CollectionScores(categories: ["dog"])
        for image in 0..<2000 { scores.append(id: "\(image)", scores: [Float(image)], isMatch: [false]) }
        let sample = try LabelSampler(measure: .precision).draw(60, from: scores)
        let byPrevalence = try LabelSampler(measure: .prevalence).draw(60, from: scores)
        #expect(sample.rows.map(\.id) == byPrevalence.rows.map(\.id))
        var judgements = sample.judgements
        for index in judgements.indices { judgements[index].answer = index < 5 ? .member : .nonMember }
        let labels = try ImageLabels(judgements)
        let estimate = try #require(try LabelSampler().draw(0, from: scores, earlier: labels).estimates[0])
        #expect(estimate.precision.value == 0 && estimate.precision.interval == 0...1)
        #expect(estimate.recall.interval == 0...0)
    }

    /// Draws without a positive image say nothing of recall.
    @Test func `recall is not low because there may be no positive image`() throws {
        var scores = CollectionScores(categories: ["dog"])
        for image in 0..<200 { scores.append(id: "\(image)", scores: [Float(image)], isMatch: [image >= 190]) }
        var judgements = try LabelSampler().draw(200, from: scores).judgements
        for index in judgements.indices { judgements[index].answer = .nonMember }
        let all = try LabelSampler().draw(0, from: scores, earlier: ImageLabels(judgements)).estimates[0]
        #expect(all?.recall.interval == 0...1)
        #expect(all?.precision.interval == 0...0)
    }

    @Test(arguments: SampledMeasure.allCases)
    func `a fresh sample is not outdated`(measure: SampledMeasure) throws {
        let collection = SampledCollection(count: 20_000, prevalence: 0.01)
        for count in [5, 50, 100] {
            let sample = try LabelSampler(measure: measure).draw(count, from: collection.scores)
            #expect(collection.scores.outdatedSamples(of: collection.images(sample)).isEmpty, "\(count)")
        }
    }

    @Test func `a sample without a matching image is outdated`() throws {
        let collection = SampledCollection(count: 20_000, prevalence: 0.01)
        let sample = try LabelSampler(measure: .precision).draw(60, from: collection.scores)
        let drawn = Set(sample.imageIDs)
        var changed = CollectionScores(categories: ["dog"])
        for (image, id) in collection.scores.ids.enumerated() {
            changed.append(id: id, scores: [Float(image)], isMatch: [image % 50 == 0 && !drawn.contains(id)])
        }
        let outdated = changed.outdatedSamples(of: collection.images(sample))
        #expect(outdated.map(\.category) == ["dog"])
        #expect(outdated.first?.matches == 0 && outdated.first?.formerCount == nil)
    }

    /// The inverse probabilities of several rounds add up to about the number of images; a collection that grew has more.
    @Test(arguments: [0 as UInt64, 1, 2, 3]) func `a sample of a collection that grew is outdated`(seed: UInt64) throws
    {
        let collection = SampledCollection(count: 20_000, prevalence: 0.01, seed: seed)
        let sampler = LabelSampler(seed: seed)
        var sample = try sampler.draw(50, from: collection.scores)
        for count in [50, 100, 200] {
            let labels = try collection.labelled(sample)
            sample = try sampler.draw(count, from: collection.scores, earlier: labels)
            #expect(collection.scores.outdatedSamples(of: collection.images(sample)).isEmpty, "\(count)")
        }
        var grown = collection.scores
        for image in 0..<10_000 {
            grown.append(id: "new \(image)", scores: [Float(image % 40) / 10 - 2], isMatch: [false])
        }
        let outdated = try #require(grown.outdatedSamples(of: collection.images(sample)).first)
        #expect(!outdated.isForOtherDecisions)
        #expect(abs(try #require(outdated.formerCount) - 20_000) < 2000)
        let images = collection.images(sample)
        let evaluated = CollectionEvaluation(images, decisions: collection.decisions(images), collection: grown)
        #expect(evaluated.outdated == [outdated])
    }

    @Test func `a store with two vectors for an image is refused`() async throws {
        let file = CategoryFile(categories: [.init(name: "cat", positive: ["cat"], threshold: 0.5)])
        var world = SuggestionWorld(seed: 1)
        world.add(4, ["cat": 0.7], isCat: true)
        let store = world.store(ids: ["0", "1", "0", "3"])
        let classifier = try await Classifier(file, embedder: world.embedder)
        let error = #expect(throws: CLIPError.self) { try CollectionScores(store, classifier: classifier) }
        #expect(error?.message.contains("image '0' occurs twice") == true)
    }
}
