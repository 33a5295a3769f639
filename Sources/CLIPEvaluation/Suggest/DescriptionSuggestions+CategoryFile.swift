internal import CLIPCore

extension DescriptionSuggestions {
    /// Returns the text of a category file with the suggested descriptions and thresholds that fit them.
    ///
    /// Preserves everything else as written: comments, order, quotes and line endings. Works on YAML and JSON.
    /// Descriptions are appended to their lists. The thresholds of the categories whose scores change become those of
    /// largest F1 with all changes, so the key `model_sha256` and, if given, `calibrated_on` are set. Without a suggestion,
    /// the text is returned as it is.
    ///
    /// - Parameters:
    ///   - text: The contents of the category file.
    ///   - name: The file's name in error messages.
    ///   - calibratedOn: The SHA-256 of the labels file, by which `clip-cli evaluate` recognizes the same labels.
    /// - Returns: The new text.
    /// - Throws: `CLIPError` with code `invalidCategoryFile` if the text is not a category file, lacks a category, or
    ///   writes a list or a number in a way that cannot be changed in place, such as an alias.
    public func applied(to text: String, name: String, calibratedOn: String? = nil) throws -> String {
        guard !isEmpty else { return text }
        var edit = CategoryFileEdit()
        for suggestion in suggestions where !suggestion.changes.isEmpty {
            edit.add(suggestion.changes, category: suggestion.category ?? "")
        }
        edit.thresholds = thresholds
        edit.model = modelIdentity
        edit.calibratedOn = calibratedOn
        return try edit.applied(to: text, name: name)
    }
}

extension CategoryFileEdit {
    fileprivate mutating func add(_ changes: [DescriptionChange], category: String) {
        for change in changes {
            let list: DescriptionListEdit.List =
                switch change.role {
                case .positive: .positive(category: category)
                case .negative: .negative(category: category)
                case .neutral: .neutral
                }
            let index = descriptions.firstIndex { $0.list == list } ?? descriptions.count
            if index == descriptions.count { descriptions.append(DescriptionListEdit(list)) }
            switch change.action {
            case .add: descriptions[index].added.append(change.text)
            case .remove: descriptions[index].removed.append(change.text)
            }
        }
    }
}
