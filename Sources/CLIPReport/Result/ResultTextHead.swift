#if canImport(FoundationEssentials)
internal import FoundationEssentials
#else
internal import Foundation
#endif

/// The beginning of a text file, which shows whether the tool wrote it as a result.
package struct ResultTextHead {
    /// The columns of tables that always have the same ones.
    private static let tables = [
        ["id", "cosine"], ["query", "id", "cosine"], ["group", "id", "cosine"], ["id", "category", "change"],
        ["category", "threshold", "precision", "recall"],
    ]

    private let bytes: [UInt8]

    /// - Parameter bytes: Enough of a file for its first line.
    package init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// Whether it begins a result in CSV or JSON Lines.
    ///
    /// It has the columns or keys of one and no others, and in JSON values of their kinds.
    package var isResult: Bool { header.map(Self.isHeader) ?? isObject }

    /// Whether it begins a labels file, which a person may have filled in, whoever wrote it.
    package var isLabels: Bool { bytes.starts(with: "id,category,label".utf8) }

    /// How much of a file is enough: a first line that is longer is judged by the names in this part of it.
    package static let size = 1 << 20

    /// The names in the first line of a CSV file, without quotes; `nil` if it does not end as the tool's do.
    private var header: [String]? {
        var names = [String]()
        var name = [UInt8]()
        var isQuoted = false
        for byte in bytes {
            switch byte {
            case UInt8(ascii: "\""): isQuoted.toggle()
            case UInt8(ascii: ",") where !isQuoted:
                names.append(String(decoding: name, as: UTF8.self))
                name = []
            case UInt8(ascii: "\n") where !isQuoted:
                guard name.last == UInt8(ascii: "\r") else { return nil }
                return names + [String(decoding: name.dropLast(), as: UTF8.self)]
            default: name.append(byte)
            }
        }
        return bytes.count < Self.size ? nil : names
    }

    private static func isHeader(_ names: [String]) -> Bool {
        if tables.contains(names) { return true }
        if names.starts(with: ["category", "positives", "negatives", "unknown", "true_positives"]) { return true }
        if names.starts(with: ["category", "part", "text"]) {
            let metrics = names.dropFirst(3)
            return !metrics.isEmpty && metrics.allSatisfy { $0.hasPrefix("f1_") || $0.hasPrefix("average_precision_") }
        }
        if names.starts(with: ["group", "truth"]) { return names.last == "(none)" }
        guard names.first == "id" else { return false }
        let hasDecisions = names.dropFirst().first == "categories"
        let columns = Array(names.dropFirst(hasDecisions ? 2 : 1))
        guard columns.allSatisfy({ name in ResultPart.allCases.contains { name.hasPrefix("\($0.rawValue)_") } }) else {
            return false
        }
        // Scores without decisions have the similarity of each category.
        guard !hasDecisions else { return true }
        guard columns.count > 1, columns[0].hasPrefix("score_") else { return false }
        let category = columns[0].dropFirst("score_".count)
        return columns[1] == "positive_\(category)"
    }

    /// Whether the first line is the JSON object of a result.
    private var isObject: Bool {
        let line = bytes.prefix { $0 != UInt8(ascii: "\n") }
        guard let object = try? JSONDecoder().decode([String: Value].self, from: Data(line)), object["id"] == .text
        else { return false }
        if object["cosine"] == .number {
            let kinds: [String: Value] = ["id": .text, "cosine": .number, "query": .text, "group": .number]
            return object.allSatisfy { kinds[$0.key] == $0.value }
        }
        // The first versions wrote all parts of a decision as 'scores'.
        let parts = Set(ResultPart.allCases.map(\.rawValue) + ["scores"])
        return (object["categories"] == .texts || object["score"] == .object)
            && object.allSatisfy { key, value in
                key == "id" || key == "categories" && value == .texts || parts.contains(key) && value == .object
            }
    }

    /// The kind of a value in a JSON object.
    private enum Value: Decodable {
        case text, number, texts, object, other

        init(from decoder: any Decoder) throws {
            let value = try decoder.singleValueContainer()
            if (try? value.decode(String.self)) != nil {
                self = .text
            } else if (try? value.decode(Double.self)) != nil {
                self = .number
            } else if (try? value.decode([String].self)) != nil {
                self = .texts
            } else if (try? value.decode([String: AnyValue].self)) != nil {
                self = .object
            } else {
                self = .other
            }
        }
    }

    private struct AnyValue: Decodable {
        init(from decoder: any Decoder) throws {}
    }
}
