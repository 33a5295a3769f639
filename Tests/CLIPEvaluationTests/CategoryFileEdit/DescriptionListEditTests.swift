import CLIPCore
import CLIPEvaluation
import Testing

/// Descriptions come and go, and all else stays as it was written.
@Suite struct DescriptionListEditTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let testDescription: String
        var positive: (added: [String], removed: [String]) = ([], [])
        var negative: (added: [String], removed: [String]) = ([], [])
        var neutral: (added: [String], removed: [String]) = ([], [])
        let before: String
        let after: String
    }

    static let cases = [
        Case(
            testDescription: "items are written like the last one",
            positive: (["puppy", "it's"], []),
            negative: (["red fox", "no"], []),
            neutral: (["a \"thing\""], []),
            before: """
                neutral: ["a photo."]  # anything
                threshold: 0.1
                categories:
                  dog:
                    positive: ['a dog'] # mine
                    negative:
                      - cat   # not mine
                      # Wolves are rare.
                      - wolf
                """,
            after: """
                neutral: ["a photo.", "a \\"thing\\""]  # anything
                threshold: 0.1
                categories:
                  dog:
                    positive: ['a dog', 'puppy', 'it''s'] # mine
                    negative:
                      - cat   # not mine
                      # Wolves are rare.
                      - wolf
                      - red fox
                      - "no"
                """
        ),
        Case(
            testDescription: "a missing list of negatives follows the positives",
            positive: (["puppy"], []),
            negative: (["fox", "lynx"], []),
            before: """
                threshold: 0.1
                categories:
                  dog:
                    positive:
                      - "a dog"
                    threshold: 0.2
                  cat: {positive: [a cat]}

                """,
            after: """
                threshold: 0.1
                categories:
                  dog:
                    positive:
                      - "a dog"
                      - "puppy"
                    negative: ["fox", "lynx"]
                    threshold: 0.2
                  cat: {positive: [a cat]}

                """
        ),
        Case(
            testDescription: "in braces too",
            negative: (["fox"], []),
            neutral: (["thing"], []),
            before: "threshold: 0.1\ncategories:\n  dog: {positive: [a dog, puppy], threshold: 0.2}  # mine\n",
            after: """
                neutral: ["thing"]
                threshold: 0.1
                categories:
                  dog: {positive: [a dog, puppy], negative: [fox], threshold: 0.2}  # mine

                """
        ),
        Case(
            testDescription: "items are removed with their line, or with one comma",
            positive: ([], ["puppy", "pup"]),
            negative: (["lynx"], ["cat", "wolf"]),
            neutral: ([], ["a photo.", "a thing."]),
            before: """
                neutral: ["a photo.", "an image.", "a thing."]
                threshold: 0.1
                categories:
                  dog:
                    # All kinds.
                    positive: [puppy, a dog, "pup"]
                    negative:
                      - cat # tame
                      - fox # wild
                      - wolf # wild

                """,
            after: """
                neutral: ["an image."]
                threshold: 0.1
                categories:
                  dog:
                    # All kinds.
                    positive: [a dog]
                    negative:
                      - fox # wild
                      - lynx

                """
        ),
        Case(
            testDescription: "the last negative goes",
            negative: ([], ["cat"]),
            before: "threshold: 0.1\ncategories:\n  dog:\n    positive: [a dog]\n    negative:\n      - cat\n",
            after: "threshold: 0.1\ncategories:\n  dog:\n    positive: [a dog]\n    negative: []\n"
        ),
        Case(
            testDescription: "JSON over several lines",
            positive: (["puppy"], []),
            negative: (["fox"], ["cat"]),
            before: """
                {
                  "threshold": 0.1,
                  "categories": {
                    "dog": {
                      "positive": [
                        "a dog",
                        "a hound"
                      ],
                      "negative": ["cat"]
                    }
                  }
                }
                """,
            after: """
                {
                  "threshold": 0.1,
                  "categories": {
                    "dog": {
                      "positive": [
                        "a dog",
                        "a hound",
                        "puppy"
                      ],
                      "negative": ["fox"]
                    }
                  }
                }
                """
        ),
        Case(
            testDescription: "one item per line in brackets, with a comment and a comma at the end",
            positive: (["puppy", "hound"], []),
            negative: (["fox"], []),
            before: """
                threshold: 0.1
                categories:
                  dog:
                    positive: [
                      "a dog",
                      "a pup",  # small
                    ]

                """,
            after: """
                threshold: 0.1
                categories:
                  dog:
                    positive: [
                      "a dog",
                      "a pup",  # small
                      "puppy",
                      "hound"
                    ]
                    negative: ["fox"]

                """
        ),
        Case(
            testDescription: "Windows' line breaks, and no line break at the end",
            negative: (["fox"], []),
            before: "threshold: 0.1\r\ncategories:\r\n  dog:\r\n    positive: [a dog]\r\n    negative:\r\n    - cat",
            after:
                "threshold: 0.1\r\ncategories:\r\n  dog:\r\n    positive: [a dog]\r\n    negative:\r\n    - cat\r\n    - fox"
        ),
    ]

    private func edit(_ test: Case) -> CategoryFileEdit {
        var edit = CategoryFileEdit()
        for (list, items) in [
            (DescriptionListEdit.List.positive(category: "dog"), test.positive),
            (.negative(category: "dog"), test.negative), (.neutral, test.neutral),
        ] where !items.added.isEmpty || !items.removed.isEmpty {
            var descriptions = DescriptionListEdit(list)
            descriptions.added = items.added
            descriptions.removed = items.removed
            edit.descriptions.append(descriptions)
        }
        return edit
    }

    @Test(arguments: cases)
    func listsChangeAndTheRestStays(test: Case) throws {
        #expect(try edit(test).applied(to: test.before, name: "my.yaml") == test.after)
    }

    @Test func numbersChangeAtTheSameTime() throws {
        var edit = edit(
            Case(testDescription: "", positive: (["puppy"], []), negative: (["fox"], []), before: "", after: "")
        )
        edit.thresholds = ["dog": 0.5]
        edit.model = "abc"
        let text = try edit.applied(
            to: "threshold: 0.1\ncategories:\n  dog:\n    positive: [a dog]\n",
            name: "my.yaml"
        )
        #expect(
            text == """
                model_sha256: "abc"
                threshold: 0.1
                categories:
                  dog:
                    threshold: 0.5
                    positive: [a dog, puppy]
                    negative: [fox]

                """
        )
    }

    @Test(arguments: [
        "x: &dogs [a dog]\nthreshold: 0.1\ncategories:\n  dog:\n    positive: *dogs\n",
        "threshold: 0.1\ncategories:\n  dog:\n    positive:\n      - a dog\n        on a lawn\n",
        "threshold: 0.1\ncategories:\n  dog:\n    positive:\n      - >\n        a dog\n",
    ])
    func aListThatCannotBeEditedIsRefused(text: String) throws {
        let edit = edit(Case(testDescription: "", positive: (["puppy"], []), before: "", after: ""))
        let error = #expect(throws: CLIPError.self) { try edit.applied(to: text, name: "my.yaml") }
        #expect(error?.code == .invalidCategoryFile)
    }
}
