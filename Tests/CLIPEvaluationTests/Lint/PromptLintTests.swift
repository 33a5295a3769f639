import CLIPCore
import CLIPEvaluation
import CLIPTesting
import TestSupport
import Testing

/// What the words alone tell.
@Suite struct PromptLintTests {
    /// For each finding its severity, rule and place: `warning negation 3:16`.
    private func findings(_ text: String) -> [String] {
        PromptLint(text: text, name: "file.yaml").findings().map { finding in
            let place = finding.position.map { " \($0.line):\($0.column)" } ?? ""
            return "\(finding.severity.rawValue) \(finding.rule.rawValue)\(place)"
        }
    }

    private func category(positive: String, negative: String = "", rest: String = "") -> String {
        """
        threshold: 0.1
        \(rest)
        categories:
          dog:
            positive: [\(positive)]
            negative: [\(negative)]
        """
    }

    @Test func aGoodFileHasNoFindings() throws {
        #expect(findings(category(positive: "a dog, a puppy", negative: "a cat")) == [])
        #expect(findings(category(positive: "a dog", rest: "templates: ['{}', 'a photo of {}']")) == [])
        #expect(try PromptLint(contentsOf: RepositoryFile.path("Examples/demo-categories.yaml")).findings() == [])
    }

    @Test(arguments: [
        "no dog", "No dogs at all", "not a dog", "without a dog", "excluding dogs", "anything but a dog",
        "none of the above", "never a dog", "no text", "without words", "no sign of a dog", "no sign",
        "not a stop sign",
    ])
    func whatIsNotThereIsNoDescription(_ text: String) {
        #expect(findings(category(positive: "a dog, \(text)")) == ["warning negation 5:23"])
        #expect(findings(category(positive: "a dog, a puppy", negative: text)) == ["warning negation 6:16"])
    }

    @Test(arguments: [
        "a no entry sign", "no smoking sign", "No Parking Zone", "not allowed symbol", "a knot", "north pole",
        "notebook", "no-entry", "No. 5",
        "a street without cars", "never-ending road", "nothing",
    ])
    func wordsThatOnlyLookLikeANegationAreNone(_ text: String) {
        #expect(findings(category(positive: "a dog, '\(text)'")) == [])
    }

    @Test func repetitionsAreFoundWhateverCaseAndSpaces() {
        #expect(findings(category(positive: "a dog, 'A  Dog.', a puppy")) == ["warning repeated-prompt 5:23"])
        #expect(
            findings(category(positive: "a dog, a puppy", rest: "neutral: [a photo, a thing, A photo.]"))
                == ["warning repeated-prompt 2:29"]
        )
    }

    @Test func aDescriptionForAndAgainstACategoryIsAnError() {
        #expect(
            findings(category(positive: "a dog, a puppy", negative: "a cat, A Dog")) == ["error contradiction 6:23"]
        )
    }

    @Test func aDescriptionOfTwoCategoriesIsAMistakeOnlyWhereTheyCompete() {
        let text = """
            threshold: 0.1
            categories:
              dog: {positive: [a dog, a puppy], negative: [a cat]}
              animal: {positive: [an animal, a dog], negative: [a car]}
              cat: {positive: [a cat, a kitten], negative: [a puppy]}
            """
        #expect(findings(text) == ["note shared-prompt 4:34"])
        #expect(findings("rule: softmax\n" + text) == ["warning shared-prompt 5:34"])
    }

    @Test func aNeutralDescriptionMustNotBeAPositiveOne() {
        #expect(
            findings(category(positive: "a dog, a thing", rest: "neutral: [a photo, A thing.]"))
                == ["warning neutral-positive 2:20"]
        )
        let inTemplate = "templates: ['{}', 'a photo of {}.']\nneutral: [a photo of a dog.]"
        #expect(findings(category(positive: "a dog, a puppy", rest: inTemplate)) == ["warning neutral-positive 3:11"])
    }

    @Test func aMarginWithoutNeutralDescriptionsIsUnused() {
        let text = "threshold: 0.1\nneutral_margin: 0.02\ncategories: {cat: {positive: [a cat, a kitten]}}"
        #expect(findings(text) == ["warning unused-margin 2:1"])
        #expect(findings("neutral: [a photo]\n" + text).isEmpty)
    }

    @Test func templatesThatNoCategoryUsesAreNamed() {
        let text = """
            threshold: 0.1
            templates: ["a photo of {}"]
            categories:
              dog: {positive: [a dog, a puppy], templates: ["{}"]}
            """
        #expect(findings(text) == ["warning unused-templates 2:1"])
        #expect(findings(text + "\n  cat: {positive: [a cat, a kitten]}") == [])
    }

    @Test func aSingleDescriptionIsNoted() {
        #expect(findings(category(positive: "a dog", negative: "a cat")) == ["note single-prompt 5:16"])
        let classes = "{a: {positive: [x]}, b: {positive: [y]}}"
        let templates = "threshold: 0.1\ntemplates: ['a photo of {}']"
        #expect(findings("\(templates)\ncategories: \(classes)") == ["note single-prompt 3:29"])
    }

    @Test func categoriesOfDifferentGroupsDoNotCompete() {
        let text = """
            threshold: 0.1
            categories:
              dog: {positive: [a dog, a puppy], rule: {name: softmax, group: pets}}
              animal: {positive: [an animal, a dog], rule: {name: softmax, group: all}}
            """
        #expect(findings(text) == ["note shared-prompt 4:34"])
    }

    @Test func descriptionsOfACategoryThatLearnsFromImagesAreNotUsed() {
        #expect(findings(category(positive: "no dog", rest: "rule: linear-probe")) == [])
        #expect(findings("threshold: 0.1\nrule: exemplar-mean\ncategories: {dog: {}, cat: {}}") == [])
    }

    @Test(arguments: [
        ("contrast", "2.1", "a cat", true), ("contrast", "1.1", "a cat", false), ("contrast", "1.1", "", true),
        ("contrast", "-1", "", true), ("contrast", "-0.9", "", false), ("softmax", "1.5", "a cat", true),
        ("softmax", "0", "a cat", true), ("sigmoid", "0.5", "", false), ("best-prompt", "1", "", false),
    ])
    func aThresholdThatDecidesNothingIsNamed(rule: String, threshold: String, negative: String, isFound: Bool) {
        let text = """
            rule: \(rule)
            categories:
              dog:
                positive: [a dog, a puppy]
                negative: [\(negative)]
                threshold: \(threshold)
            """
        #expect(findings(text) == (isFound ? ["warning threshold 6:5"] : []))
    }

    @Test(arguments: [
        ("threshold: 0\ntemplates: [a photo]\ncategories: {dog: {positive: [a dog]}}", "2:13", "{}"),
        ("threshold: 0\ncategories: {dog: {positiv: [a dog]}}", "2:20", "'positiv'"),
        ("categories: [", "2:1", "YAML"), ("", nil, "empty"),
    ])
    func whatCannotBeReadIsAFindingWithItsPlace(text: String, place: String?, word: String) {
        let found = PromptLint(text: text, name: "file.yaml").findings()
        #expect(found.count == 1)
        #expect(found.first?.severity == .error && found.first?.rule == .invalidFile)
        #expect(found.first?.position.map { "\($0.line):\($0.column)" } == place)
        #expect(found.first?.message.contains(word) == true)
        #expect(found.first?.message.contains("file.yaml") == false)
    }

    @Test func aFileThatIsNotUTF8IsAFindingAndAMissingOneIsNot() throws {
        let folder = try TemporaryFolder()
        try folder.write([0xFF, 0xFE], to: "latin.yaml")
        #expect(try PromptLint(contentsOf: folder.path + "/latin.yaml").findings().map(\.rule) == [.invalidFile])
        let error = #expect(throws: CLIPError.self) { try PromptLint(contentsOf: folder.path + "/gone.yaml") }
        #expect(error?.code == .notFound)
    }
}
