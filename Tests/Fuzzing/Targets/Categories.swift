internal import CLIPCore
internal import CLIPEvaluation

/// Category files: read, written, checked and changed.
let categoryTargets = [
    FuzzTarget("categories", of: reading.map { "CLIPCore/CategoryFile/\($0).swift" }, within: limits) { input in
        let file = try CategoryFile(text: text(input), name: name)
        // What was read is written so that it is read again.
        let again = try CategoryFile(text: file.yaml(), name: name)
        precondition(again == file, "a category file is written as another one")
        try file.validate()
    },
    FuzzTarget("category-edit", of: ["CLIPEvaluation/CategoryFileEdit"], within: limits) { input in
        let given = text(input)
        let file = try CategoryFile(text: given, name: name)
        var edit = CategoryFileEdit()
        edit.neutralMargin = 0.125
        (edit.model, edit.calibratedOn) = ("0123456789abcdef", "fedcba9876543210")
        var neutral = DescriptionListEdit(.neutral)
        neutral.added = ["a: \"new\" one"]
        neutral.removed = [file.neutral.first].compactMap(\.self)
        edit.descriptions = [neutral]
        for category in file.categories {
            edit.thresholds[category.name] = 0.0625
            var positive = DescriptionListEdit(.positive(category: category.name))
            positive.added = ["'another' #1"]
            positive.removed = category.positive.suffix(1)
            var negative = DescriptionListEdit(.negative(category: category.name))
            negative.added = ["- not"]
            edit.descriptions += [positive, negative]
        }
        // It compares the result with what was intended.
        _ = try? edit.applied(to: given, name: name)
        var removal = CategoryFileEdit()
        var lists = [(DescriptionListEdit.List.neutral, file.neutral)]
        lists += file.categories.map { (.negative(category: $0.name), $0.negative) }
        removal.descriptions = lists.map { list, texts in
            var all = DescriptionListEdit(list)
            all.removed = texts
            return all
        }
        _ = try removal.applied(to: given, name: name)
    },
    FuzzTarget("lint", of: linting.map { "CLIPEvaluation/Lint/\($0).swift" }, within: limits) { input in
        _ = PromptLint(text: text(input), name: name).findings()
    },
]

private let reading = [
    "CategoryFile+Reading", "CategoryFile+Validation", "CategoryFile+Writing", "CategoryFileReader",
    "CategoryFileReader+Rule",
    "CategoryFileReader+YAMLError", "JSONEscapes",
]
/// Without what needs a model.
private let linting = [
    "CategoryFilePositions", "LintFinding", "LintedFile", "LintedFile+Structure", "LintedFile+Wording", "PromptLint",
]
private let name = "categories.yaml"
/// A node of YAML takes some hundred bytes, however short it is.
private let limits = FuzzTarget.Limits(mebibytes: 32, perByte: 2048)
