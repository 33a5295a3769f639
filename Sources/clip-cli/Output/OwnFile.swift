internal import CLIPArrow
internal import CLIPCore
internal import CLIPReport

#if canImport(FoundationEssentials)
internal import FoundationEssentials
#else
internal import Foundation
#endif

/// An existing file at an output's path, whose contents show whether the tool wrote it.
struct OwnFile {
    /// Enough bytes for a file's first line or a page's head.
    private static let headSize = 1 << 20

    /// The column names of every CSV file that the tool writes start with one of these; a comma follows the last one.
    private static let csvHeaders = [
        "id,categories,score_", "id,score_", "query,id,cosine,", "group,id,cosine,", "id,category,change,",
        "category,positives,negatives,unknown,true_positives,", "category,threshold,precision,recall,",
        "group,truth,", "category,part,text,",
    ]
    private static let shortCSVHeaders = ["id,categories,", "id,cosine,"]

    /// The keys of every JSON object that the tool writes include one of these sets.
    private static let jsonKeys: [Set<String>] = [["id", "categories"], ["id", "score"], ["id", "cosine"]]

    private let path: String

    /// An existing file, or `nil` if nothing can be lost: no file, an empty one, or a device, which is refused elsewhere.
    init?(path: String) {
        guard (try? PathKind(path)) == .file, (try? PathKind.isStream(path)) == false,
            (try? FileBytes.size(path)) != 0
        else { return nil }
        self.path = path
    }

    /// Whether a command wrote it as a result: Parquet, CSV, JSON Lines or a report.
    var isResult: Bool {
        if ParquetResultTable.isWritten(path) { return true }
        let head = (try? FileBytes.head(of: path, count: Self.headSize)) ?? []
        let line = head.prefix { $0 != UInt8(ascii: "\n") }
        return isCSV(line) || isJSON(line) || HTMLReport.isWritten(head)
    }

    /// Whether it is a labels file, which a person may have filled in, whoever wrote it.
    var isLabels: Bool {
        let head = (try? FileBytes.head(of: path, count: Self.headSize)) ?? []
        return head.starts(with: "id,category,label".utf8)
    }

    /// Whether it is a category file that 'calibrate' wrote.
    var isCalibrated: Bool { (try? CategoryFile(contentsOf: path))?.model != nil }

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
