import CLIPCore
import CLIPEvaluation
import Testing

/// Which images are drawn, and with which probabilities.
struct LabelSamplerTests {
    private let collection = SampledCollection(count: 3000, prevalence: 0.05)

    @Test func `draws as many images as asked for, none of them twice`() throws {
        let sample = try LabelSampler().draw(60, from: collection.scores)
        #expect(sample.rows.count == 60)
        #expect(Set(sample.rows.map(\.id)).count == 60)
        #expect(sample.rows.allSatisfy { $0.answer == .missing && $0.round == 1 })
    }

    @Test func `a row's probability is the drawn share of its stratum, and every stratum has one`() throws {
        let sample = try LabelSampler().draw(60, from: collection.scores)
        let strata = sample.categories[0].strata
        #expect(strata.reduce(0) { $0 + $1.size } == 3000)
        for stratum in strata.indices {
            let rows = sample.rows.filter { $0.stratum == stratum }
            #expect(!rows.isEmpty)
            #expect(rows.allSatisfy { $0.probability == Double(rows.count) / Double(strata[stratum].size) })
        }
    }

    @Test func `the same seed draws the same images, and another seed others`() throws {
        let ids = try [1, 1, 2].map { seed in
            try LabelSampler(seed: seed).draw(50, from: collection.scores).rows.map(\.id)
        }
        #expect(ids[0] == ids[1])
        #expect(ids[0] != ids[2])
    }

    @Test func `a later round keeps the earlier rows with their labels and asks for other images`() throws {
        let first = try LabelSampler().draw(40, from: collection.scores)
        let second = try LabelSampler().draw(30, from: collection.scores, earlier: collection.labelled(first))
        #expect(second.round == 2)
        #expect(second.rows.count == 70)
        #expect(second.openCount == 30)
        #expect(Set(second.rows.map(\.id)).count == 70)
        let earlier = second.rows.filter { $0.round == 1 }
        #expect(Set(earlier.map(\.id)) == Set(first.rows.map(\.id)))
        #expect(earlier.allSatisfy { ($0.answer == .member) == collection.truth[$0.id] })
        for row in first.rows {
            let later = try #require(earlier.first { $0.id == row.id })
            #expect(later.probability >= row.probability)
        }
    }

    @Test func `categories share images where their strata permit`() throws {
        let two = SampledCollection(count: 3000, prevalence: 0.05, categories: ["dog", "puppy"])
        let sample = try LabelSampler().draw(100, from: two.scores)
        #expect(sample.rows.count == 200)
        // Independent draws would share five or so.
        #expect(Set(sample.rows.map(\.id)).count < 185)
    }

    @Test func `everything is drawn if more is asked for than there is`() throws {
        let small = SampledCollection(count: 50, prevalence: 0.2)
        let sample = try LabelSampler().draw(80, from: small.scores)
        #expect(sample.rows.count == 50)
        #expect(sample.rows.allSatisfy { $0.probability == 1 })
    }

    @Test(arguments: [0, 1]) func `decisions may all be the same`(matching: Int) throws {
        var scores = CollectionScores(categories: ["dog"])
        for image in 0..<200 { scores.append(id: "\(image)", scores: [0.5], isMatch: [matching == 1]) }
        let sample = try LabelSampler().draw(20, from: scores)
        #expect(sample.rows.count == 20)
    }

    @Test func `a rare category's matches are labelled completely before the others are drawn for precision`() throws {
        let sample = try LabelSampler(measure: .precision).draw(400, from: collection.scores)
        #expect(sample.rows.count == 400)
        for stratum in sample.categories[0].strata.indices where sample.categories[0].strata[stratum].isMatch {
            let drawn = sample.rows.count { $0.stratum == stratum }
            #expect(drawn == sample.categories[0].strata[stratum].size)
        }
    }

    @Test func `matches that were drawn completely are not at the end of the file`() throws {
        let sample = try LabelSampler(measure: .precision).draw(400, from: collection.scores)
        let isMatch = sample.rows.map { sample.categories[0].strata[$0.stratum].isMatch }
        let count = isMatch.count { $0 }
        #expect(count > 50 && count < 350)
        let first = isMatch[..<200].count { $0 }
        // In random order, half of them ± 10.
        #expect(abs(2 * first - count) < 60, "\(first) of \(count)")
    }

    @Test func `a program labels a sample without a file`() throws {
        let sampler = LabelSampler()
        var judgements = try sampler.draw(40, from: collection.scores).judgements
        for index in judgements.indices {
            judgements[index].answer = collection.truth[judgements[index].id] == true ? .member : .nonMember
        }
        judgements[0].answer = .unsure
        judgements[1].answer = .missing
        let second = try sampler.draw(30, from: collection.scores, earlier: ImageLabels(judgements))
        #expect(second.round == 2 && second.rows.count == 70)
        #expect(second.openCount == 31)
        #expect(second.judgements.count { $0.answer == .unsure } == 1)
        #expect(second.estimates[0]?.labelCount == 38)
        #expect(second.judgements.filter { $0.round == 1 }.allSatisfy { $0.category == "dog" && $0.probability != nil })
    }

    @Test func `weighted counts are right on average`() throws {
        let positives = Double(collection.truth.values.count { $0 })
        let estimates = try (0..<200).map { seed in
            try LabelSampler(seed: seed).draw(60, from: collection.scores).rows
                .filter { collection.truth[$0.id] == true }
                .reduce(0) { $0 + 1 / $1.probability }
        }
        let mean = estimates.reduce(0, +) / 200
        let variance = estimates.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 199
        // Four standard errors.
        #expect(abs(mean - positives) < 4 * (variance / 200).squareRoot())
    }

    @Test func `labels that were not drawn are refused`() throws {
        let labels = try ImageLabels([.init(id: "1.jpg", category: "dog", isMember: true)], name: "own.csv")
        let error = #expect(throws: CLIPError.self) {
            try LabelSampler().draw(10, from: collection.scores, earlier: labels)
        }
        #expect(error?.message.contains("own.csv: the label of '1.jpg'") == true)
    }

    @Test(arguments: [("gone.jpg", "dog"), ("1.jpg", "cat")])
    func `labels of another store or category file are refused`(id: String, category: String) throws {
        let labels = try ImageLabels([.init(id: id, category: category, isMember: true, probability: 0.5)])
        #expect(throws: CLIPError.self) {
            try LabelSampler().draw(10, from: collection.scores, earlier: labels)
        }
    }
}
