internal import CLIPCore

/// Images drawn for labelling, with those of earlier rounds.
public struct LabelSample: Sendable {
    /// An image drawn for a category.
    package struct Row: Sendable, Hashable {
        /// The image's id.
        package let id: String
        /// Position of the category.
        package let category: Int
        /// The label so far.
        package let answer: ImageLabels.Judgement.Answer
        /// The probability, above 0 and at most 1, with which the image entered the sample in any round so far.
        package let probability: Double
        /// The round in which it was drawn, from 1.
        package let round: Int
        /// Position of its stratum.
        package let stratum: Int
    }

    /// A part of the collection within which images are drawn at random.
    package struct Stratum: Sendable, Hashable {
        /// Number of images in the collection.
        package let size: Int
        /// Whether they match the category.
        package let isMatch: Bool
    }

    /// A category of the sample.
    package struct Category: Sendable {
        /// The name.
        package let name: String
        /// The strata, from the highest scores to the lowest.
        package let strata: [Stratum]
        /// What the labels so far tell; `nil` without labels.
        package let estimate: SampleEstimate?
        /// How many more labels narrow the wanted measure's interval, and the half-width expected then; `nil` without
        /// labels, or if every image is labelled.
        package let outlook: (labels: Int, halfWidth: Double)?
    }

    /// The categories.
    package let categories: [Category]
    /// The rows, in an order that says nothing about the images; those of an image are together.
    package let rows: [Row]
    /// The round in which images were drawn, from 1.
    package let round: Int

    /// What the labels so far tell about each category; `nil` for those without labels.
    public var estimates: [SampleEstimate?] { categories.map(\.estimate) }
    /// The rows as labels, of which the new ones have the answer ``ImageLabels/Judgement/Answer/missing``: fill them in
    /// and create ``ImageLabels`` from all of them.
    public var judgements: [ImageLabels.Judgement] {
        rows.map { row in
            ImageLabels.Judgement(
                id: row.id,
                category: categories[row.category].name,
                answer: row.answer,
                probability: row.probability,
                round: row.round
            )
        }
    }
    /// The number of rows that nobody has labelled yet.
    package var openCount: Int { rows.count { $0.answer == .missing } }

    /// The images' ids, each once, in the order of the rows.
    package var imageIDs: [String] {
        var seen = ImageIDSet()
        return rows.map(\.id).filter { seen.insert($0) }
    }

    /// Writes the labels file, a CSV file with the columns `id`, `category`, `label`, `probability` and `round`.
    ///
    /// - Throws: `CLIPError` with code `storage`.
    public func write(to path: String) throws {
        try write(to: path) { $0 }
    }

    /// Writes the labels file.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - written: What to write for a field.
    /// - Throws: `CLIPError` with code `storage`.
    package func write(to path: String, written: @escaping (String) -> String) throws {
        let header = ["id", "category", "label", "probability", "round"]
        let file = try CSVFile(path: path, header: header, written: written)
        for row in rows {
            try file.write([
                row.id, categories[row.category].name, row.answer.text, "\(row.probability)", "\(row.round)",
            ])
        }
        try file.close()
    }
}

extension ImageLabels.Judgement.Answer {
    /// The text in a labels file; empty if nobody has labelled the image yet.
    package var text: String {
        switch self {
        case .missing: ""
        case .unsure: "unsure"
        case .nonMember: "0"
        case .member: "1"
        }
    }
}
