internal import CLIPCore
internal import Yams

/// Changes descriptions, thresholds, neutral margin and model in the text of a category file.
///
/// Everything else is preserved: comments, order, spelling and line endings. Works on YAML and JSON.
///
/// ```swift
/// var edit = CategoryFileEdit()
/// edit.thresholds = ["dog": 0.0625]
/// let text = try edit.applied(to: "categories:\n  dog: {positive: [a dog], threshold: 0.1} # mine\n", name: "my.yaml")
/// // "categories:\n  dog: {positive: [a dog], threshold: 0.0625} # mine\n"
/// ```
package struct CategoryFileEdit: Sendable, Hashable {
    /// New thresholds by category name; other categories keep theirs.
    package var thresholds: [String: Float] = [:]
    /// The new margin; `nil` keeps the current one.
    package var neutralMargin: Float?
    /// The identity of the model that thresholds and margin belong to; `nil` keeps the current one.
    package var model: String?
    /// The SHA-256 of the labels file that the thresholds were fitted to; `nil` keeps the current one.
    package var calibratedOn: String?
    /// Descriptions to add and to remove, with one entry per list.
    package var descriptions: [DescriptionListEdit] = []

    /// Creates an edit that changes nothing.
    package init() {}

    /// Applies the edit to a text.
    ///
    /// Existing numbers are replaced. Missing ones are added: a threshold on the line below the category's name or
    /// first in its braces, the others above the first key. Descriptions are appended to their lists; a missing list of
    /// negatives is added after the positives. The result is parsed again and verified.
    ///
    /// - Parameters:
    ///   - text: The contents of a category file.
    ///   - name: The file's name in error messages.
    /// - Returns: The new text.
    /// - Throws: ``CLIPError`` with code `invalidCategoryFile` if the text is not a category file, a category is
    ///   missing, or a number or a list is written in a way that cannot be edited in place, such as an alias.
    package func applied(to text: String, name: String) throws -> String {
        let intended = try intendedFile(text, name)
        let reader = CategoryFileReader(file: name)
        let root = try reader.root(of: JSONEscapes.joiningSurrogates(in: text, keepsLength: true))
        var editor = MappingEditor(reader: reader, source: SourceText(text))
        let top = [
            ("model_sha256", model.map { MappingEditor.Value(text: $0, isText: true) }),
            ("calibrated_on", calibratedOn.map { MappingEditor.Value(text: $0, isText: true) }),
            ("neutral_margin", neutralMargin.map { MappingEditor.Value(text: DecimalText.exact($0), isText: false) }),
        ].compactMap { key, value in value.map { (key: key, value: $0) } }
        try editor.set(
            top,
            in: root,
            named: "the file",
            under: nil,
            renaming: model == nil ? [:] : ["model": "model_sha256"]
        )
        var lists = ListEditor(source: editor.source)
        let fields = try reader.entries(of: root, "the file")
        try setNeutral(fields, root, &editor, &lists, reader)
        for field in fields where field.name == "categories" {
            // Match by order: `intended` holds names with surrogate pairs unpadded, whereas these are padded.
            for (category, entry) in zip(intended.categories, try reader.entries(of: field.value, "'categories'")) {
                let place = "category '\(category.name)'"
                try setDescriptions(of: category.name, entry.value, named: place, &lists, reader)
                guard let threshold = thresholds[category.name] else { continue }
                let value = MappingEditor.Value(text: DecimalText.exact(threshold), isText: false)
                try editor.set([("threshold", value)], in: entry.value, named: place, under: entry.key)
            }
        }
        let result = editor.source.text(with: editor.changes + lists.changes)
        guard let file = try? CategoryFile(text: result, name: name), file == intended else {
            throw reader.error(
                nil,
                "The changes cannot be inserted into this file as it is formatted. Write mappings as 'key: value' "
                    + "lines or in braces, numbers as plain numbers, and lists in brackets or with one item per line."
            )
        }
        return result
    }

    private func intendedFile(_ text: String, _ name: String) throws -> CategoryFile {
        var file = try CategoryFile(text: text, name: name)
        for (category, threshold) in thresholds {
            guard let index = file.categories.firstIndex(where: { $0.name == category }) else {
                throw CLIPError(.invalidCategoryFile, "\(name): There is no category '\(category)'.")
            }
            file.categories[index].threshold = threshold
        }
        for edit in descriptions {
            guard edit.apply(to: &file) else {
                throw CLIPError(
                    .invalidCategoryFile,
                    "\(name): There is no category '\(edit.list.category ?? "")'."
                )
            }
        }
        file.neutralMargin = neutralMargin ?? file.neutralMargin
        file.model = model ?? file.model
        file.calibratedOn = calibratedOn ?? file.calibratedOn
        return file
    }
}
