internal import CLIPCore
internal import Yams

/// Determines the text changes that set new values in YAML mappings.
struct MappingEditor {
    /// A value in its written form.
    struct Value {
        let text: String
        /// Whether it is text, and therefore quoted, or a number.
        let isText: Bool
    }

    let reader: CategoryFileReader
    let source: SourceText
    private(set) var changes: [SourceText.Change] = []

    init(reader: CategoryFileReader, source: SourceText) {
        self.reader = reader
        self.source = source
    }

    /// Sets keys of a mapping, called `name` in error messages; missing keys are added.
    ///
    /// `parent` is the key whose value is the mapping, or `nil` for the whole document. `newNames` maps old key names
    /// to new ones.
    mutating func set(
        _ pairs: [(key: String, value: Value)],
        in node: Node,
        named name: String,
        under parent: Node?,
        renaming newNames: [String: String] = [:]
    ) throws {
        let entries = try reader.entries(of: node, name)
        var missing = [(key: String, value: Value)]()
        for (key, value) in pairs {
            if let entry = entries.first(where: { (newNames[$0.name] ?? $0.name) == key }) {
                if entry.name != key {
                    try add(replacement(of: entry.key, by: Value(text: key, isText: false)), entry.key, name)
                }
                // An equal number keeps its spelling.
                if !value.isText, entry.value.scalar.flatMap({ Float($0.string) }) == Float(value.text) { continue }
                try add(replacement(of: entry.value, by: value), entry.value, "'\(key)' of \(name)")
            } else {
                missing.append((key, value))
            }
        }
        guard !missing.isEmpty else { return }
        try add(insertion(of: missing, into: node, firstKey: entries.first?.key, under: parent), node, name)
    }

    /// Records a change, unless its target cannot be located or is shared by several values.
    private mutating func add(_ change: SourceText.Change?, _ node: Node, _ what: String) throws {
        let isTaken = changes.contains { other in
            other.range.lowerBound == change?.range.lowerBound && other.range.isEmpty == change?.range.isEmpty
        }
        guard let change, !isTaken else {
            throw reader.error(
                node,
                "\(what) is written in a way that cannot be edited automatically, for example as an alias. "
                    + "Write the value out."
            )
        }
        changes.append(change)
    }

    private func replacement(of node: Node, by value: Value) -> SourceText.Change? {
        guard let scalar = node.scalar, let start = source.offset(of: node.mark) else { return nil }
        switch scalar.style {
        case .doubleQuoted, .singleQuoted:
            let quote = UInt8(ascii: scalar.style == .doubleQuoted ? "\"" : "'")
            // The replaced value is a number or hexadecimal text, so it contains no escaped quotes.
            guard let end = source.bytes[(start + 1)...].firstIndex(of: quote), source.bytes[start] == quote else {
                return nil
            }
            return .init(range: start + 1..<end, text: value.text)
        case .plain, .any:
            let old = Array(scalar.string.utf8)
            guard source.bytes[start...].starts(with: old) else { return nil }
            let text = value.isText ? "\"\(value.text)\"" : value.text
            return .init(range: start..<start + old.count, text: old.isEmpty ? " \(text)" : text)
        case .literal, .folded:
            return nil
        }
    }

    private func insertion(
        of pairs: [(key: String, value: Value)],
        into node: Node,
        firstKey: Node?,
        under parent: Node?
    ) -> SourceText.Change? {
        let quote =
            switch (firstKey ?? parent)?.scalar?.style {
            case .doubleQuoted: "\""
            case .singleQuoted: "'"
            default: ""
            }
        let items = pairs.map { key, value in
            "\(quote)\(key)\(quote): " + (value.isText ? "\"\(value.text)\"" : value.text)
        }
        let brace = source.openingBrace(at: node.mark)
        guard let first = source.offset(of: firstKey?.mark) else {
            return brace.map { .init(range: $0 + 1..<$0 + 1, text: items.joined(separator: ", ")) }
        }
        let indentation = source.indentation(before: first)
        if brace != nil {
            let separator = indentation.map { source.lineBreak + $0 } ?? " "
            return .init(range: first..<first, text: items.map { $0 + "," + separator }.joined())
        }
        guard let indentation else { return nil }
        var line = source.line(of: first)
        if let parent {
            guard let key = source.offset(of: parent.mark), source.line(of: key) < line else { return nil }
            line = source.line(of: key) + 1
        } else {
            while line > 0, source.isComment(line: line - 1) { line -= 1 }
        }
        let start = source.lineStarts[line]
        return .init(range: start..<start, text: items.map { indentation + $0 + source.lineBreak }.joined())
    }
}
