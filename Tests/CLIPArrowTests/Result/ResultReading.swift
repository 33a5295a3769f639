import CLIPArrow
import CLIPCore
import Foundation

/// A result file read as a program reads it that knows its format and nothing of this library.
struct ReadResults {
    let ids: [String]
    /// The evidence for each image and category, image by image.
    let evidence: [Evidence]
    /// The categories that match, where the file says so.
    let matches: [[String]]?

    init(csv path: String, categories: [String]) throws {
        var lines = Self.fields(of: String(decoding: try FileBytes.read(path), as: UTF8.self))
        let header = lines.removeFirst()
        let places = Dictionary(uniqueKeysWithValues: header.enumerated().map { ($1, $0) })
        self.init(categories: categories, lines: lines) { line, column in
            places[column].map { line[$0] }
        } number: { line, part, category in
            places["\(part)_\(category)"].flatMap { Float(line[$0]) }
        } matches: { line in
            places["categories"].map { line[$0].split(separator: ";").map(String.init) }
        }
    }

    init(jsonLines path: String, categories: [String]) throws {
        let text = String(decoding: try FileBytes.read(path), as: UTF8.self)
        let lines = try text.split(separator: "\n").map { try JSONDecoder().decode(Line.self, from: Data($0.utf8)) }
        self.init(categories: categories, lines: lines) { line, _ in
            line.id
        } number: { line, part, category in
            line.parts[part]?[category] ?? nil
        } matches: { line in
            line.categories
        }
    }

    private init<Line>(
        categories: [String],
        lines: [Line],
        text: (Line, _ column: String) -> String?,
        number: (Line, _ part: String, _ category: String) -> Float?,
        matches: (Line) -> [String]?
    ) {
        ids = lines.map { text($0, "id") ?? "" }
        evidence = lines.flatMap { line in
            categories.map { category in
                Evidence(
                    score: number(line, "score", category) ?? .nan,
                    positive: number(line, "positive", category) ?? .nan,
                    negative: number(line, "negative", category),
                    neutral: number(line, "neutral", category)
                )
            }
        }
        let found = lines.compactMap(matches)
        self.matches = found.isEmpty ? nil : found
    }

    private struct Line: Decodable {
        let id: String
        let categories: [String]?
        let parts: [String: [String: Float?]]

        enum Key: String, CodingKey, CaseIterable {
            case id, categories, score, positive, negative, neutral
        }

        init(from decoder: any Decoder) throws {
            let object = try decoder.container(keyedBy: Key.self)
            id = try object.decode(String.self, forKey: .id)
            categories = try object.decodeIfPresent([String].self, forKey: .categories)
            var parts = [String: [String: Float?]]()
            for key in Key.allCases.dropFirst(2) {
                parts[key.rawValue] = try object.decodeIfPresent([String: Float?].self, forKey: key)
            }
            self.parts = parts
        }
    }

    /// The lines of comma-separated values (RFC 4180).
    private static func fields(of text: String) -> [[String]] {
        var lines = [[String]]()
        var line = [String]()
        var field = String.UnicodeScalarView()
        var isQuoted = false
        var scalars = text.unicodeScalars[...]
        while let scalar = scalars.popFirst() {
            switch (scalar, isQuoted) {
            case ("\"", true) where scalars.first == "\"": field.append(scalars.removeFirst())
            case ("\"", _): isQuoted.toggle()
            case (",", false), ("\n", false):
                line.append(String(field))
                field.removeAll()
                if scalar == "\n" {
                    lines.append(line)
                    line = []
                }
            case ("\r", false): break
            default: field.append(scalar)
            }
        }
        return lines
    }
}
