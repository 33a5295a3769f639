internal import CLIPCore

/// Counts the images of each category.
struct MatchCounts {
    private var images = 0
    private var unmatched = 0
    private var perCategory: [Int]

    init(categoryCount: Int) {
        perCategory = [Int](repeating: 0, count: categoryCount)
    }

    init(_ decisions: Decisions) {
        self.init(categoryCount: decisions.categories.count)
        images = decisions.count
        for image in 0..<images {
            let matches = decisions.matches(image: image)
            if matches.isEmpty { unmatched += 1 }
            for category in matches {
                perCategory[category] += 1
            }
        }
    }

    static func += (counts: inout MatchCounts, other: MatchCounts) {
        counts.images += other.images
        counts.unmatched += other.unmatched
        for (category, count) in other.perCategory.enumerated() {
            counts.perCategory[category] += count
        }
    }

    func table(categories: [String]) -> String {
        var rows = zip(categories, perCategory).map { [Text.printable($0), "\($1)"] }
        rows += [["(none)", "\(unmatched)"], ["(all)", "\(images)"]]
        return Text.table(header: ["category", "images"], rows: rows)
    }
}
