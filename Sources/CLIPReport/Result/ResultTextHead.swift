#if canImport(FoundationEssentials)
internal import FoundationEssentials
#else
internal import Foundation
#endif

/// The beginning of a text file, which shows whether the tool wrote it as a result.
package struct ResultTextHead {
    /// The column names of every CSV file that the tool writes start with one of these; a comma follows the last one.
    private static let csvHeaders = [
        "id,categories,score_", "id,score_", "query,id,cosine,", "group,id,cosine,", "id,category,change,",
        "category,positives,negatives,unknown,true_positives,", "category,threshold,precision,recall,",
        "group,truth,", "category,part,text,",
    ]
    private static let shortCSVHeaders = ["id,categories,", "id,cosine,"]

    /// The keys of every JSON object that the tool writes include one of these sets.
    private static let jsonKeys: [Set<String>] = [["id", "categories"], ["id", "score"], ["id", "cosine"]]

    private let bytes: [UInt8]

    /// - Parameter bytes: Enough of a file for its first line.
    package init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// Whether it begins a result in CSV or JSON Lines.
    package var isResult: Bool {
        let line = bytes.prefix { $0 != UInt8(ascii: "\n") }
        return isCSV(line) || isJSON(line)
    }

    /// Whether it begins a labels file, which a person may have filled in, whoever wrote it.
    package var isLabels: Bool { bytes.starts(with: "id,category,label".utf8) }

    private func isCSV(_ line: ArraySlice<UInt8>) -> Bool {
        guard line.last == UInt8(ascii: "\r") else { return false }
        let header = line.dropLast().filter { $0 != UInt8(ascii: "\"") } + [UInt8(ascii: ",")]
        return Self.csvHeaders.contains { header.starts(with: $0.utf8) }
            || Self.shortCSVHeaders.contains { header.elementsEqual($0.utf8) }
    }

    private func isJSON(_ line: ArraySlice<UInt8>) -> Bool {
        guard let keys = try? JSONDecoder().decode([String: AnyValue].self, from: Data(line)).keys else { return false }
        return Self.jsonKeys.contains { $0.isSubset(of: keys) }
    }

    private struct AnyValue: Decodable {
        init(from decoder: any Decoder) throws {}
    }
}
