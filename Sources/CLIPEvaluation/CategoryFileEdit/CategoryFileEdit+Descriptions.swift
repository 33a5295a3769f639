internal import CLIPCore
internal import Yams

extension CategoryFileEdit {
    /// Edits the neutral descriptions, or adds them above the first key.
    func setNeutral(
        _ fields: [(key: Node, name: String, value: Node)],
        _ root: Node,
        _ editor: inout MappingEditor,
        _ lists: inout ListEditor,
        _ reader: CategoryFileReader
    ) throws {
        guard let edit = descriptions.first(where: { $0.list == .neutral }) else { return }
        if let field = fields.first(where: { $0.name == "neutral" }) {
            guard lists.edit(field.value, key: field.key, edit) else {
                throw uneditable(field.value, "'neutral'", reader)
            }
        } else {
            let items = edit.added.map { ListEditor.written($0, .doubleQuoted) }
            let value = MappingEditor.Value(text: "[\(items.joined(separator: ", "))]", isText: false)
            try editor.set([("neutral", value)], in: root, named: "the file", under: nil)
        }
    }

    /// Edits the positive and negative descriptions of a category; a missing list of negatives is added.
    func setDescriptions(
        of category: String,
        _ node: Node,
        named place: String,
        _ lists: inout ListEditor,
        _ reader: CategoryFileReader
    ) throws {
        // Positives first: a new list of negatives follows what is added to them.
        let edits = [DescriptionListEdit.List.positive(category: category), .negative(category: category)]
            .compactMap { list in descriptions.first { $0.list == list } }
        guard !edits.isEmpty else { return }
        let fields = try reader.entries(of: node, place)
        for edit in edits {
            let what = "'\(edit.list.key)' of \(place)"
            if let field = fields.first(where: { $0.name == edit.list.key }) {
                guard lists.edit(field.value, key: field.key, edit) else { throw uneditable(field.value, what, reader) }
            } else if let positive = fields.first(where: { $0.name == "positive" }) {
                let key = edit.list.key
                guard lists.insert(edit.added, forKey: key, after: positive.value, key: positive.key) else {
                    throw uneditable(positive.value, "'positive' of \(place)", reader)
                }
            }
        }
    }

    private func uneditable(_ node: Node, _ what: String, _ reader: CategoryFileReader) -> CLIPError {
        reader.error(
            node,
            "\(what) is written in a way that cannot be edited automatically. Write it in brackets or with one item per "
                + "line."
        )
    }
}
