import CLIPCore

/// The images of each category of a table with the columns `category`, `score`, `match` (1 or 0) and `truth` (1 or 0).
struct RankedTable {
    /// A category's images in order: the matching ones by falling score, then the others.
    struct Category {
        let name: String
        let isPositive: [Bool]
        let matches: Int
    }

    let categories: [Category]

    /// Reads a CSV file without quotes.
    init(path: String) throws {
        var rows = [String: [(score: Double, isMatch: Bool, isPositive: Bool)]]()
        for line in String(decoding: try FileBytes.read(path), as: UTF8.self).split(whereSeparator: \.isNewline)
            .dropFirst()
        {
            let fields = line.split(separator: ",", omittingEmptySubsequences: false)
            rows[String(fields[0]), default: []].append((Double(fields[1]) ?? 0, fields[2] == "1", fields[3] == "1"))
        }
        categories = rows.sorted { $0.key < $1.key }.map { name, images in
            let matching = images.filter(\.isMatch).sorted { $0.score > $1.score }
            let others = images.filter { !$0.isMatch }.sorted { $0.score > $1.score }
            return Category(name: name, isPositive: (matching + others).map(\.isPositive), matches: matching.count)
        }
    }
}
