internal import CLIPCore
internal import Yams

/// Determines the text changes that add items to YAML lists of texts and remove items.
///
/// New items are written like the last one: on lines of their own or not, and with its quotes.
struct ListEditor {
    let source: SourceText
    private(set) var changes: [SourceText.Change] = []

    init(source: SourceText) {
        self.source = source
    }

    /// Adds and removes items of a list.
    ///
    /// - Parameters:
    ///   - list: The list.
    ///   - key: The key whose value it is.
    ///   - edit: The items.
    /// - Returns: `false` if the list is written in a way that cannot be edited.
    mutating func edit(_ list: Node, key: Node, _ edit: DescriptionListEdit) -> Bool {
        guard let sequence = list.sequence, let extents = extents(of: sequence) else { return false }
        let isKept = sequence.map { !edit.removed.contains($0.string ?? "") }
        let style = sequence.last?.scalar?.style ?? .doubleQuoted
        let items = edit.added.map { Self.written($0, style) }
        if source.opening("[", at: list.mark) != nil {
            return editFlow(list, extents, isKept: isKept, adding: items)
        }
        return editBlock(key, extents, isKept: isKept, adding: items)
    }

    /// Adds a list with a new key after another list of the same mapping.
    ///
    /// - Returns: `false` if that list is written in a way that cannot be edited.
    mutating func insert(_ texts: [String], forKey name: String, after list: Node, key: Node) -> Bool {
        guard let sequence = list.sequence, let last = extents(of: sequence)?.last,
            let keyStart = source.offset(of: key.mark)
        else { return false }
        let quote = Self.quote(key.scalar?.style)
        let items = texts.map { Self.written($0, sequence.last?.scalar?.style ?? .doubleQuoted) }
        let pair = "\(quote)\(name)\(quote): [\(items.joined(separator: ", "))]"
        let isFlow = source.opening("[", at: list.mark) != nil
        guard let end = isFlow ? source.closingBracket(after: last.upperBound) : last.upperBound else { return false }
        if let indentation = source.indentation(before: keyStart), !source.isInBraces(after: end) {
            insertLine(indentation + pair, afterLineOf: end)
        } else {
            insert(", " + pair, at: end)
        }
        return true
    }

    private mutating func editFlow(
        _ list: Node,
        _ extents: [Range<Int>],
        isKept: [Bool],
        adding items: [String]
    ) -> Bool {
        removeFlow(extents, isKept: isKept)
        guard !items.isEmpty else { return true }
        guard let last = isKept.lastIndex(of: true) else {
            guard let bracket = source.opening("[", at: list.mark) else { return false }
            insert(items.joined(separator: ", "), at: extents.first?.lowerBound ?? bracket + 1)
            return true
        }
        let end = extents[last].upperBound
        let isLastOfLine = last == extents.count - 1 && source.endsLine(after: end)
        if isLastOfLine, let indentation = source.indentation(before: extents[last].lowerBound) {
            if !source.isFollowed(by: ",", after: end) { insert(",", at: end) }
            let lines = items.enumerated().map { indentation + $1 + ($0 < items.count - 1 ? "," : "") }
            insertLine(lines.joined(separator: source.lineBreak), afterLineOf: end)
        } else {
            insert(items.map { ", " + $0 }.joined(), at: end)
        }
        return true
    }

    /// Removes runs of items, each with one of the commas around it.
    private mutating func removeFlow(_ extents: [Range<Int>], isKept: [Bool]) {
        var index = 0
        while index < extents.count {
            guard !isKept[index] else {
                index += 1
                continue
            }
            let next = isKept[index...].firstIndex(of: true) ?? extents.count
            let start = next == extents.count && index > 0 ? extents[index - 1].upperBound : extents[index].lowerBound
            let end = next == extents.count ? extents[next - 1].upperBound : extents[next].lowerBound
            changes.append(.init(range: start..<end, text: ""))
            index = next
        }
    }

    private mutating func editBlock(
        _ key: Node,
        _ extents: [Range<Int>],
        isKept: [Bool],
        adding items: [String]
    ) -> Bool {
        guard let last = extents.last else { return false }
        for (extent, isKept) in zip(extents, isKept) where !isKept {
            let start = source.lineStarts[source.line(of: extent.lowerBound)]
            changes.append(.init(range: start..<source.endOfLine(of: extent.upperBound), text: ""))
        }
        if items.isEmpty, !isKept.contains(true) {
            guard let colon = source.colon(after: key) else { return false }
            insert(" []", at: colon + 1)
        }
        let start = source.lineStarts[source.line(of: last.lowerBound)]
        let prefix = String(decoding: source.bytes[start..<last.lowerBound], as: UTF8.self)
        for item in items { insertLine(prefix + item, afterLineOf: last.upperBound) }
        return true
    }

    /// Where each item is written; `nil` if an item is not a plain or quoted text in one place.
    private func extents(of sequence: Node.Sequence) -> [Range<Int>]? {
        let extents = sequence.compactMap(source.extent)
        return extents.count == sequence.count ? extents : nil
    }

    private mutating func insertLine(_ line: String, afterLineOf offset: Int) {
        let end = source.endOfLine(of: offset)
        let isTerminated = source.lineStarts.contains(end)
        insert(isTerminated ? line + source.lineBreak : source.lineBreak + line, at: end)
    }

    /// Inserts a text after those that were inserted at the same place.
    private mutating func insert(_ text: String, at offset: Int) {
        if let index = changes.firstIndex(where: { $0.range == offset..<offset }) {
            changes[index] = .init(range: offset..<offset, text: changes[index].text + text)
        } else {
            changes.append(.init(range: offset..<offset, text: text))
        }
    }

    private static func quote(_ style: Node.Scalar.Style?) -> String {
        switch style {
        case .doubleQuoted: "\""
        case .singleQuoted: "'"
        default: ""
        }
    }

    /// A text as YAML, in a style if that can express it.
    static func written(_ text: String, _ style: Node.Scalar.Style) -> String {
        let isPrintable = !text.unicodeScalars.contains { $0.properties.generalCategory == .control }
        if style == .singleQuoted, isPrintable { return "'" + text.replacing("'", with: "''") + "'" }
        let isWord = text.unicodeScalars.allSatisfy { $0 == " " || $0 == "-" || $0.properties.isAlphabetic }
        let startsPlain = text.unicodeScalars.first?.properties.isAlphabetic ?? false
        let isPlain = isWord && startsPlain && text.last != " " && !reserved.contains(text.lowercased())
        if style == .plain || style == .any, isPlain { return text }
        return "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
    }

    /// Words that YAML takes for something other than a text.
    private static let reserved: Set<String> = ["y", "n", "yes", "no", "on", "off", "true", "false", "null"]
}
