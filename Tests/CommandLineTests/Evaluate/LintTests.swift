import CLIPCore
import TestSupport
import Testing

@Suite(.serialized, .ownThreads) struct LintTests {
    private func lint(_ text: String, _ options: String...) throws -> (result: Tool.Result, path: String) {
        let place = try Workplace()
        try place.write(text, "categories.yaml")
        let path = place.path("categories.yaml")
        return (try Tool.run(["lint", path] + options, scratch: place.folder), path)
    }

    private static let good = "threshold: 0.1\ncategories: {cat: {positive: [a cat, a kitten], negative: [a dog]}}"

    @Test func aGoodFileIsPraisedWithSilence() throws {
        let (result, _) = try lint(Self.good)
        #expect(result.status == 0 && result.output.isEmpty, "\(result.output)\(result.errors)")
        #expect(result.errors.contains("no findings"))
    }

    /// The example of the documentation must not be called wrong by the project's own tool.
    @Test func theDemonstrationFileHasNoFindings() throws {
        let place = try Workplace()
        let result = try place.run("lint", RepositoryFile.path("Examples/demo-categories.yaml"))
        #expect(result.status == 0 && result.output.isEmpty, "\(result.output)\(result.errors)")
    }

    @Test func findingsHaveTheirPlaceAndAnExitCode() throws {
        let text = "threshold: 0.1\ncategories: {cat: {positive: [a cat, no dog], negative: [a dog]}}"
        let (result, path) = try lint(text, "--no-model")
        #expect(result.status == 4)
        #expect(result.output.hasPrefix("\(path):2:38: warning: \"no dog\" "), "\(result.output)")
        #expect(result.output.hasSuffix("[negation]\n"))
    }

    @Test func notesAloneAreNoFailure() throws {
        let (result, _) = try lint("threshold: 0.1\ncategories: {cat: {positive: [a cat]}}", "--no-model")
        #expect(result.status == 0 && result.output.contains("note:"), "\(result.output)")
    }

    @Test func aDescriptionThatIsNearerToTheNegativesIsNamed() throws {
        let (result, path) = try lint(
            "threshold: 0.1\ncategories: {cat: {positive: [a cat, a car], negative: [an automobile]}}"
        )
        #expect(result.status == 4 && result.output.hasPrefix("\(path):2:38: warning: To the model, \"a car\""))
        #expect(result.output.contains("[nearer-negative]"), "\(result.output)")
    }

    @Test func aFileThatCannotBeReadIsAFindingInJSONToo() throws {
        let (result, path) = try lint(
            "threshold: 0.1\ntemplates: [a photo]\ncategories: {cat: {positive: [a cat]}}",
            "--json"
        )
        #expect(result.status == 4)
        let start =
            #"{"column":13,"file":"\#(path)","line":2,"message":"The entry \"a photo\" of 'templates' has no {}"#
        #expect(result.output.hasPrefix(start), "\(result.output)")
        #expect(result.output.hasSuffix("\"rule\":\"invalid-file\",\"severity\":\"error\"}\n"))
    }

    @Test func aMissingFileCannotBeLookedAt() throws {
        let place = try Workplace()
        let result = try place.run("lint", place.path("gone.yaml"), "--no-model")
        #expect(result.status == 3 && result.errors.contains(place.path("gone.yaml")))
    }

    @Test func aBiasThatHasNoEffectIsFoundAndSaidWhenImagesAreClassified() throws {
        let rule = "threshold: 0.5\nrule: {name: sigmoid, logit_scale: 10, logit_bias: -5}\n"
        let text = rule + "categories: {cat: {positive: [a cat, a kitten], negative: [a dog]}}"
        let (result, path) = try lint(text, "--no-model")
        #expect(
            result.status == 4 && result.output.hasPrefix("\(path):2:1: warning: The logit_bias has no effect on 'cat'")
        )
        #expect(result.output.hasSuffix("[unused-bias]\n"), "\(result.output)")

        let place = try Workplace()
        try place.addPhoto("rgb-420.jpg", as: "a.jpg")
        try #require(try place.embed().status == 0)
        let classified = try place.classify(categories: text)
        #expect(classified.status == 0)
        #expect(classified.errors.contains("the logit_bias has no effect on category 'cat'"), "\(classified.errors)")
    }
}
