import CLIPCore

/// A table with the columns `category`, `score`, `match` (1 or 0) and `truth` (1 or 0).
struct RankedTable {
    /// The images of each category.
    let categories: [(name: String, images: [(score: Float, isMatch: Bool, isPositive: Bool)])]

    /// Reads a CSV file without quotes.
    init(path: String) throws {
        var rows = [String: [(score: Float, isMatch: Bool, isPositive: Bool)]]()
        for line in String(decoding: try FileBytes.read(path), as: UTF8.self).split(whereSeparator: \.isNewline)
            .dropFirst()
        {
            let fields = line.split(separator: ",", omittingEmptySubsequences: false)
            rows[String(fields[0]), default: []].append((Float(fields[1]) ?? 0, fields[2] == "1", fields[3] == "1"))
        }
        categories = rows.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }
}
