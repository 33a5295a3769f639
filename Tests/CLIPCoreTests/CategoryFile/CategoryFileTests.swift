import CLIPCore
import Testing

@Suite struct CategoryFileTests {
    @Test func everyFieldIsRead() throws {
        let file = try CategoryFile(
            text: """
                templates: ["a photo of {}."]
                neutral: ["a photo."]
                rule: {name: softmax, group: things, logit_scale: 50}
                threshold: 0.05
                neutral_margin: 0.01
                model_sha256: 0123abcd
                calibrated_on: 4567cdef
                categories:
                  dog:
                    positive: ["a dog", "a puppy"]
                    negative: ["a cat"]
                    threshold: 0.07
                  car:
                    positive: ["a car"]
                    templates: []
                    rule: {name: top-k-mean, k: 2}
                  seen:
                    rule: linear-probe
                """,
            name: "test.yaml"
        )
        #expect(
            file
                == CategoryFile(
                    categories: [
                        .init(name: "dog", positive: ["a dog", "a puppy"], negative: ["a cat"], threshold: 0.07),
                        .init(
                            name: "car",
                            positive: ["a car"],
                            threshold: 0.05,
                            templates: [],
                            rule: .topKMean(k: 2)
                        ),
                        .init(name: "seen", positive: [], threshold: 0.05, rule: .linearProbe()),
                    ],
                    neutral: ["a photo."],
                    templates: ["a photo of {}."],
                    rule: .softmax(group: "things", scale: 50),
                    neutralMargin: 0.01,
                    model: "0123abcd",
                    calibratedOn: "4567cdef"
                )
        )
    }

    @Test func theModelMayBeNamedAsVersion01DidButNotTwice() throws {
        let text = "model: abc\nthreshold: 0\ncategories: {dog: {positive: [a dog]}}"
        #expect(try CategoryFile(text: text, name: "f.yaml").model == "abc")
        let error = #expect(throws: CLIPError.self) {
            try CategoryFile(text: "model_sha256: abc\n" + text, name: "f.yaml")
        }
        #expect(error?.message == "f.yaml:2:8: 'model' and 'model_sha256' mean the same. Remove 'model'.")
    }

    @Test func jsonIsReadWithItsEscapes() throws {
        let file = try CategoryFile(
            text: #"""
                {
                \#t"threshold": 0.5,
                \#t"categories": {"smile": {"positive": ["\ud83d\ude00 \u00e9 \/ \" \\ud83d"]}}
                }
                """#,
            name: "test.json"
        )
        #expect(file.categories == [.init(name: "smile", positive: [#"😀 é / " \ud83d"#], threshold: 0.5)])
    }

    @Test func categoriesKeepTheirOrder() throws {
        let names = ["zebra", "ant", "mole", "bee"]
        let list = names.map { "  \($0): {positive: [x]}" }.joined(separator: "\n")
        let file = try CategoryFile(text: "threshold: 0\ncategories:\n\(list)", name: "test.yaml")
        #expect(file.categories.map(\.name) == names)
    }

    static let mistakes: [(text: String, message: String)] = [
        ("", "f.yaml: The file is empty."),
        ("threshold: 0", "f.yaml: The 'categories' key is missing."),
        ("categories: {}", "f.yaml:1:13: 'categories' is empty."),
        ("categories: [a]", "f.yaml:1:13: 'categories' must be a mapping, for example 'key: value', not a list."),
        (
            "treshold: 0\ncategories: {a: {positive: [x]}}",
            "f.yaml:1:1: The file has an unknown key 'treshold'. Did you mean 'threshold'?"
        ),
        (
            "threshold: 0\ncategories:\n  dog:\n    positive: [x]\n    postive: [y]",
            "f.yaml:5:5: Category 'dog' has an unknown key 'postive'. Did you mean 'positive'?"
        ),
        ("threshold: 0\ncategories:\n  dog: {negative: [x]}", "f.yaml:3:8: Category 'dog' has no 'positive'"),
        ("threshold: 0\ncategories:\n  dog: {positive: []}", "f.yaml:3:19: 'positive' of category 'dog' is empty."),
        (
            "threshold: 0\ncategories:\n  dog: {positive: a dog}",
            "'positive' of category 'dog' must be a list of strings"
        ),
        (
            "threshold: 0\ncategories:\n  dog: {positive: [[a]]}",
            "f.yaml:3:20: An entry of 'positive' of category 'dog'"
        ),
        ("threshold: 0\ncategories:\n  dog: {positive: ['  ']}", "An entry of 'positive' of category 'dog' is empty."),
        ("categories:\n  dog: {positive: [x]}", "Category 'dog' has no 'threshold', and the file has none."),
        (
            "categories:\n  dog:\n    positive: [x]\n    threshold: high",
            "f.yaml:4:16: 'threshold' of category 'dog' must be a number, for example 0.05, not \"high\"."
        ),
        ("threshold: .nan\ncategories: {a: {positive: [x]}}", "f.yaml:1:12: 'threshold' must be a number"),
        ("threshold: [1]\ncategories: {a: {positive: [x]}}", "f.yaml:1:12: 'threshold' must be a number"),
        ("neutral_margin: x\nthreshold: 0\ncategories: {a: {positive: [x]}}", "'neutral_margin' must be a number"),
        (
            "templates: [a photo]\nthreshold: 0\ncategories: {a: {positive: [x]}}",
            "f.yaml:1:13: The entry \"a photo\" of 'templates' has no {} placeholder."
        ),
        (
            "rule: contast\nthreshold: 0\ncategories: {a: {positive: [x]}}",
            "f.yaml:1:7: There is no rule 'contast'. Did you mean 'contrast'? Known: contrast, strongest-negative,"
        ),
        (
            "rule: {name: contrast, k: 3}\nthreshold: 0\ncategories: {a: {positive: [x]}}",
            "f.yaml:1:27: The rule 'contrast' has no parameter 'k'. Remove it."
        ),
        (
            "threshold: 0\ncategories: {a: {positive: [x], rule: {name: top-k-mean, k: 0}}}",
            "f.yaml:2:61: 'k' of 'rule' of category 'a' must be a positive integer."
        ),
        (
            "rule: {name: softmax, logit_scale: 1e300}\nthreshold: 0\ncategories: {a: {positive: [x]}}",
            "f.yaml:1:36: 'logit_scale' of 'rule' must be a positive number, from 1e-30 to 1e30."
        ),
        (
            "threshold: 0\ncategories: {\"a\\0b\": {positive: [x]}}",
            "f.yaml:2:14: The name of a category contains a NUL character."
        ),
        ("threshold: 0\ncategories: \(String(repeating: "[", count: 100_000))", "This is not valid YAML"),
        ("rule: {k: 2}\nthreshold: 0\ncategories: {a: {positive: [x]}}", "f.yaml:1:7: 'rule' has no 'name'"),
        (
            "threshold: 0\ncategories: {1: {positive: [x]}, \"1\": {positive: [y]}}",
            "f.yaml:2:34: 'categories' has the key '1' twice."
        ),
        ("categories: {a: 1", "f.yaml:2:1: This is not valid YAML: the mapping {...} that begins in line 1 is broken."),
        (
            "threshold: 0\r\ncategories:\r\n\ta: {positive: [x]}",
            "f.yaml:3:1: There is a tab. Indent with spaces, not tabs."
        ),
        (
            "threshold: 0\ncategories:\n  a:\n  positive: [x]",
            "Category 'a' is empty. Write its keys below its name, indented further than the name."
        ),
        (
            "threshold: 0\ncategories:\n  a:\n    positive: [x]\n  negative: [y]",
            "f.yaml:5:13: 'negative' stands where the name of a category belongs. Indent it further than the name of its"
        ),
        (
            "threshold: 0\ncategories:\n  a: {positive: [x]}\nnegative: [y]",
            "f.yaml:4:1: The file has an unknown key 'negative'. Indent it further than the name of its category."
        ),
        (
            "threshold: 0\ncategories:\n  a:\n    positive: [\"x\", \"y]\n",
            "the quoted text that begins in line 4 does not end. Add the missing quotation mark."
        ),
        (
            "threshold: 0\ncategories:\n  a:\n    positive: [\"x\", \"y\"\n    negative: [z]",
            "the list [...] that begins in line 4 is broken. Check that it is closed"
        ),
        ("threshold: 0\ncategories:\n  a: {positive: [x]}\n  a: {positive: [y]}", "repeated: 'a'."),
    ]

    @Test(arguments: mistakes)
    func aMistakeIsNamedWithItsPlace(_ text: String, _ message: String) {
        let error = #expect(throws: CLIPError.self) { try CategoryFile(text: text, name: "f.yaml") }
        #expect(error?.code == .invalidCategoryFile)
        #expect(error?.message.contains(message) == true, "\(error?.message ?? "no error")")
    }

    @Test func aGroupOfSoftmaxHasOneScale() {
        let text = """
            rule: {name: softmax, group: pets, logit_scale: 50}
            threshold: 0
            categories:
              cat: {positive: [x]}
              dog: {positive: [y], rule: {name: softmax, group: pets}}
            """
        let error = #expect(throws: CLIPError.self) { try CategoryFile(text: text, name: "f.yaml") }
        #expect(
            error?.message.hasPrefix(
                "f.yaml:5:3: Category 'dog' has the model's logit_scale in the softmax group 'pets', and category "
                    + "'cat' has the logit_scale 50.0."
            ) == true,
            "\(error?.message ?? "no error")"
        )
        #expect(throws: Never.self) {
            try CategoryFile(text: text.replacing("group: pets}", with: "group: others}"), name: "f.yaml")
        }
    }

    @Test func aMissingFileIsNamed() {
        let error = #expect(throws: CLIPError.self) { try CategoryFile(contentsOf: "/nowhere/categories.yaml") }
        #expect(error?.code == .notFound)
        #expect(error?.message.contains("/nowhere/categories.yaml") == true)
    }
}
