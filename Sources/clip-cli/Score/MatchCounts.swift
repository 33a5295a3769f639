internal import CLIPCore

/// Counts the images of each category.
struct MatchCounts {
    private var images = 0
    private var unmatched = 0
    private var perCategory: [Int]

    init(categoryCount: Int) {
        perCategory = [Int](repeating: 0, count: categoryCount)
    }

    mutating func add(_ decisions: Decisions) {
        images += decisions.count
        for image in 0..<decisions.count {
            let matches = decisions.matches(image: image)
            if matches.isEmpty { unmatched += 1 }
            for category in matches {
                perCategory[category] += 1
            }
        }
    }

    func table(categories: [String]) -> String {
        var rows = zip(categories, perCategory).map { [Text.printable($0), "\($1)"] }
        rows += [["(none)", "\(unmatched)"], ["(all)", "\(images)"]]
        return Text.table(header: ["category", "images"], rows: rows)
    }
}
