/// Writes decisions as comma-separated values (RFC 4180), one line an image.
///
/// Columns: `id`, `categories` (the matching ones, joined by `;`), then `score_NAME` for each category.
public final class CSVDecisionWriter: DecisionWriter {
    private let file: OutputFile
    private let categories: [String]

    /// Starts a file.
    ///
    /// - Throws: ``CLIPError`` with code `storage`.
    public init(path: String, categories: [String]) throws {
        self.file = try OutputFile(path: path)
        self.categories = categories
        try write(["id", "categories"] + categories.map { "score_\($0)" })
    }

    /// Writes the decisions for some images.
    ///
    /// - Throws: ``CLIPError`` with code `storage`.
    public func append(ids: [String], decisions: Decisions) throws {
        for (image, id) in ids.enumerated() {
            let matches = decisions.matches(image: image).map { categories[$0] }.joined(separator: ";")
            let scores = categories.indices.map { "\(decisions.evidence(image: image, category: $0).score)" }
            try write([id, matches] + scores)
        }
    }

    /// Makes everything durable and gives the files their names.
    ///
    /// - Throws: ``CLIPError`` with code `storage`.
    public func finish() throws {
        try file.close()
    }

    private func write(_ fields: [String]) throws {
        try file.write(fields.map(Self.quoted).joined(separator: ",") + "\r\n")
    }

    private static func quoted(_ field: String) -> String {
        let needsQuotes = field.utf8.contains { [UInt8(ascii: ","), UInt8(ascii: "\""), 10, 13].contains($0) }
        guard needsQuotes else { return field }
        let quote: Unicode.Scalar = "\""
        var quoted = String.UnicodeScalarView([quote])
        for scalar in field.unicodeScalars {
            quoted.append(contentsOf: scalar == quote ? [quote, quote] : [scalar])
        }
        quoted.append(quote)
        return String(quoted)
    }
}
