import CLIPCore
import Testing

@Suite struct CategoryFileWritingTests {
    @Test func whatIsWrittenReadsBackAsItWas() throws {
        let file = CategoryFile(
            categories: [
                .init(
                    name: "a",
                    positive: ["yes", "1.5", "null", "#1", "- x: y"],
                    negative: ["\"quoted\" 'both'"],
                    threshold: 0.1
                ),
                .init(name: "ünïcode 😀", positive: ["line\nbreak", "tab\t", " space "], threshold: -1e-7),
                .init(name: "true", positive: ["x"], threshold: 0, templates: [], rule: .topKMean(k: 2)),
                .init(
                    name: "2",
                    positive: ["x"],
                    threshold: 0.5,
                    templates: ["a {}", "{c}!"],
                    rule: .softmax(group: "on", scale: 12.5)
                ),
                .init(name: "s", positive: ["x"], threshold: 1e10, rule: .sigmoid(scale: 1e-30, bias: -10.25)),
                .init(name: "p", positive: [], threshold: 0.5, rule: .linearProbe(regularization: 0.125)),
                .init(name: "e", positive: [], threshold: 0.5, rule: .exemplarMean),
            ],
            neutral: ["any thing", "{}"],
            templates: ["a photo of {}."],
            rule: .bestPrompt,
            neutralMargin: 0.3,
            model: "00ff",
            calibratedOn: "12"
        )
        #expect(try CategoryFile(text: file.yaml(), name: "f.yaml") == file)
    }

    @Test func aRuleOfOnesOwnCannotBeWritten() {
        struct Own: ScoringRule {
            let identifier = "own"
            func score(_ similarities: Similarities) -> [Evidence] { ContrastRule().score(similarities) }
        }
        let file = CategoryFile(categories: [.init(name: "a", positive: ["x"], threshold: 0)], rule: .custom(Own()))
        let error = #expect(throws: CLIPError.self) { try file.yaml() }
        #expect(error?.code == .invalidCategoryFile && error?.message.contains("'own'") == true)
    }
}
