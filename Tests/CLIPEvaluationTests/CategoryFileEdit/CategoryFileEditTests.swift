import CLIPCore
import CLIPEvaluation
import Testing

/// Only the numbers of a category file change; what a person wrote around them stays byte for byte.
@Suite struct CategoryFileEditTests {
    struct Case: CustomTestStringConvertible {
        let testDescription: String
        var dog: Float? = 0.5
        var margin: Float?
        var model: String?
        let before: String
        let after: String
    }

    static let cases = [
        Case(
            testDescription: "numbers are replaced, comments and order stay",
            margin: 0.25,
            model: "abc",
            before: """
                # Mine.
                model: old  # of last year
                neutral: ["a photo."]   # anything
                neutral_margin:   0.010 # was 0.02

                threshold: 0.1
                categories:
                  cat: {positive: [a cat]} # a threshold: 3 in a comment
                  # The dogs.
                  dog:
                    threshold: 0.07 # too low?
                    positive:
                      - "threshold: 0.07"
                """,
            after: """
                # Mine.
                model_sha256: "abc"  # of last year
                neutral: ["a photo."]   # anything
                neutral_margin:   0.25 # was 0.02

                threshold: 0.1
                categories:
                  cat: {positive: [a cat]} # a threshold: 3 in a comment
                  # The dogs.
                  dog:
                    threshold: 0.5 # too low?
                    positive:
                      - "threshold: 0.07"
                """
        ),
        Case(
            testDescription: "a missing threshold goes below the category's name, others above the first key",
            margin: -0.125,
            model: "1e5",
            before: """
                # For my holidays.

                # What is used when nothing else is.
                threshold: 0.1
                categories:
                    dog: # every kind
                        # what it looks like
                        positive: [a dog]
                    cat:
                        positive: [a cat]

                """,
            after: """
                # For my holidays.

                model_sha256: "1e5"
                neutral_margin: -0.125
                # What is used when nothing else is.
                threshold: 0.1
                categories:
                    dog: # every kind
                        threshold: 0.5
                        # what it looks like
                        positive: [a dog]
                    cat:
                        positive: [a cat]

                """
        ),
        Case(
            testDescription: "in braces a missing threshold goes first",
            before: "threshold: 1\ncategories: {dog: { positive: [a dog] }, cat: {positive: [a cat]}}",
            after: "threshold: 1\ncategories: {dog: { threshold: 0.5, positive: [a dog] }, cat: {positive: [a cat]}}"
        ),
        Case(
            testDescription: "JSON stays JSON, with its own line breaks and escapes",
            margin: 1e-5,
            model: "abc",
            before: """
                {
                  "threshold": 0.5,
                  "categories": {
                    "\\ud83d\\ude00": {"positive": ["\\ud83d\\ude00"], "threshold": 0.1},
                    "dog": {
                      "positive": ["\\ud83d\\ude00 dog"]
                    }, "cat": {"positive": ["a cat"], "threshold": null}
                  }
                }
                """,
            after: """
                {
                  "model_sha256": "abc",
                  "neutral_margin": 0.00001,
                  "threshold": 0.5,
                  "categories": {
                    "\\ud83d\\ude00": {"positive": ["\\ud83d\\ude00"], "threshold": 0.75},
                    "dog": {
                      "threshold": 0.5,
                      "positive": ["\\ud83d\\ude00 dog"]
                    }, "cat": {"positive": ["a cat"], "threshold": 0.25}
                  }
                }
                """
        ),
        Case(
            testDescription: "quoted, empty and null values are filled",
            margin: 0.25,
            model: "abc",
            before: "model: 'x'\nneutral_margin:\ncategories:\n  dog: {positive: [x], threshold: \"0.1\"}",
            after: "model_sha256: 'abc'\nneutral_margin: 0.25\ncategories:\n  dog: {positive: [x], threshold: \"0.5\"}"
        ),
        Case(
            testDescription: "letters of several bytes, tabs and a byte order mark do not shift anything",
            model: "abc",
            before:
                "\u{FEFF}threshold: 1\ncategories: {\"größe 😀\": {positive: [é]},\t'dog': {'positive': ['ö'], 'threshold': 1}}",
            after: "\u{FEFF}model_sha256: \"abc\"\nthreshold: 1\ncategories: "
                + "{\"größe 😀\": {positive: [é]},\t'dog': {'positive': ['ö'], 'threshold': 0.5}}"
        ),
        Case(
            testDescription: "Windows line endings stay",
            model: "abc",
            before: "threshold: 1\r\ncategories:\r\n  dog:\r\n    positive: [x]\r\n",
            after:
                "model_sha256: \"abc\"\r\nthreshold: 1\r\ncategories:\r\n  dog:\r\n    threshold: 0.5\r\n    positive: [x]\r\n"
        ),
        Case(
            testDescription: "a number that is the same keeps its spelling",
            before: "categories:\n  dog: {positive: [x], threshold: +0.500}",
            after: "categories:\n  dog: {positive: [x], threshold: +0.500}"
        ),
        Case(
            testDescription: "anchors and tags are passed over",
            before: "threshold: 1\ncategories:\n  cat: &c !!map {positive: [x]}\n  dog: &d\n    positive: [x]\n",
            after: "threshold: 1\ncategories:\n  cat: &c !!map {positive: [x]}\n  dog: &d\n    threshold: 0.5\n"
                + "    positive: [x]\n"
        ),
        Case(
            testDescription: "a document start stays first",
            model: "abc",
            before: "%YAML 1.1\n---\n# c\nthreshold: 1\ncategories:\n  dog: {positive: [x], threshold: 1}\n...\n",
            after:
                "%YAML 1.1\n---\nmodel_sha256: \"abc\"\n# c\nthreshold: 1\ncategories:\n  dog: {positive: [x], threshold: 0.5}\n...\n"
        ),
    ]

    @Test(arguments: cases)
    func onlyTheNumbersChange(_ test: Case) throws {
        let before = try CategoryFile(text: test.before, name: "f.yaml")
        var edit = CategoryFileEdit()
        for category in before.categories {
            switch category.name {
            case "dog": edit.thresholds["dog"] = test.dog
            case "😀": edit.thresholds["😀"] = 0.75
            case "cat" where test.before.contains("null"): edit.thresholds["cat"] = 0.25
            default: break
            }
        }
        edit.neutralMargin = test.margin
        edit.model = test.model
        let after = try edit.applied(to: test.before, name: "f.yaml")
        #expect(Array(after.utf8) == Array(test.after.utf8), "\(after)")
        let file = try CategoryFile(text: after, name: "f.yaml")
        #expect(file.categories.first { $0.name == "dog" }?.threshold == test.dog)
        #expect(file.neutralMargin == test.margin ?? before.neutralMargin)
        #expect(file.model == test.model ?? before.model)
    }

    static let refused = [
        "threshold: &t 0.1\ncategories:\n  dog: {positive: [x], threshold: *t}",
        "categories:\n  cat: &c {positive: [x], threshold: 0.1}\n  dog: *c",
        "categories:\n  dog:\n    positive: [x]\n    threshold: |-\n      0.1",
        "threshold: 1\ncategories:\n  dog:\n    ? positive\n    : [x]",
    ]

    @Test(arguments: refused)
    func whatCannotBeChangedInPlaceIsAnError(_ text: String) throws {
        var edit = CategoryFileEdit()
        for category in try CategoryFile(text: text, name: "f.yaml").categories { edit.thresholds[category.name] = 0.5 }
        let error = #expect(throws: CLIPError.self) { try edit.applied(to: text, name: "f.yaml") }
        #expect(error?.code == .invalidCategoryFile)
        #expect(error?.message.hasPrefix("f.yaml:") == true, "\(error?.message ?? "")")
    }

    @Test func aCategoryThatIsNotThereIsNamed() {
        var edit = CategoryFileEdit()
        edit.thresholds = ["dgo": 1]
        let error = #expect(throws: CLIPError.self) {
            try edit.applied(to: "categories: {dog: {positive: [x], threshold: 1}}", name: "f.yaml")
        }
        #expect(error?.message == "f.yaml: There is no category 'dgo'.")
    }

    /// Every way of writing the same file, so that no place is found by luck.
    @Test func anyLayoutGivesTheSameFile() throws {
        for comment in ["", "  # é 😀 {threshold: 9}\n"] {
            for lineBreak in ["\n", "\r\n"] {
                for head in ["", "---\n", "rule: contrast\n"] {
                    let text =
                        (head + "threshold: 1\ncategories:\n\(comment)  dog:\n  \(comment)    positive: [\"x\"]\n")
                        .split(separator: "\n", omittingEmptySubsequences: false).joined(separator: lineBreak)
                    var edit = CategoryFileEdit()
                    edit.thresholds = ["dog": 0.25]
                    edit.neutralMargin = 0.125
                    edit.model = "abc"
                    let file = try CategoryFile(text: edit.applied(to: text, name: "f"), name: "f")
                    #expect(file.categories[0].threshold == 0.25 && file.neutralMargin == 0.125 && file.model == "abc")
                }
            }
        }
    }
}
