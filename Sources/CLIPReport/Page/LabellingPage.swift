internal import CLIPCore

/// A page for labelling drawn images blind: it shows neither scores nor decisions, in a shuffled order.
///
/// The page saves a labels file with the probabilities with which the images were drawn, for `ImageLabels`.
///
/// ```swift
/// let page = LabellingPage(title: "to-label.csv", identity: "store", categories: categories, items: items, pictures: pictures)
/// try page.write(to: "to-label.html")
/// ```
package struct LabellingPage: Sendable {
    /// A part of the collection within which images were drawn at random, for the estimates that the page shows.
    package struct Cell: Sendable, Hashable, Encodable {
        /// The number of images in the collection.
        package var size: Int
        /// Whether they match the category.
        package var isMatch: Bool

        /// Creates a cell.
        package init(size: Int, isMatch: Bool) {
            self.size = size
            self.isMatch = isMatch
        }
    }

    /// A category to label images for.
    package struct Category: Sendable, Hashable, Encodable {
        /// The name.
        package var name: String
        /// Positive descriptions, shown as a guide.
        package var positive: [String]
        /// Negative descriptions, shown as a guide.
        package var negative: [String]
        /// The cells, which together are the collection.
        package var cells: [Cell]

        /// Creates a category.
        package init(name: String, positive: [String], negative: [String], cells: [Cell]) {
            self.name = name
            self.positive = positive
            self.negative = negative
            self.cells = cells
        }
    }

    /// The question whether an image belongs to a category.
    package struct Task: Sendable, Hashable, Encodable {
        /// Position in ``LabellingPage/categories``.
        package var category: Int
        /// The probability with which the image was drawn for the category.
        package var probability: Double
        /// The round in which it was drawn, from 1.
        package var round: Int
        /// Position in the category's cells.
        package var cell: Int
        /// The label of an earlier round as in a labels file, such as `1` or `unsure`; `nil` if it is open.
        package var label: String?

        /// Creates a question.
        package init(category: Int, probability: Double, round: Int, cell: Int, label: String? = nil) {
            self.category = category
            self.probability = probability
            self.round = round
            self.cell = cell
            self.label = label
        }

        /// `[category, probability, round, cell, label]`; the probability is a text, which keeps all its digits.
        package func encode(to encoder: any Encoder) throws {
            var values = encoder.unkeyedContainer()
            try values.encode(category)
            try values.encode("\(probability)")
            try values.encode(round)
            try values.encode(cell)
            switch label {
            case "1": try values.encode(1)
            case "0": try values.encode(0)
            case let label: try values.encode(label)
            }
        }
    }

    /// A drawn image.
    package struct Item: Sendable, Hashable {
        /// The id.
        package var id: String
        /// The questions about it.
        package var tasks: [Task]

        /// Creates an item.
        package init(id: String, tasks: [Task]) {
            self.id = id
            self.tasks = tasks
        }
    }

    /// The title of the page: the name of the labels file, under which the page saves the labels.
    package var title: String
    /// Identifies the page in the browser's storage of labels, which it finds again when it is written again.
    package var identity: String
    /// The categories.
    package var categories: [Category]
    /// The drawn images; the page shuffles them.
    package var items: [Item]
    /// The pictures, large enough to label by.
    package var pictures: ReportThumbnails
    /// The seed of the order.
    package var seed: UInt64

    /// Creates a page.
    ///
    /// - Precondition: Tasks refer to categories and their cells, and probabilities are above 0 and at most 1.
    package init(
        title: String,
        identity: String,
        categories: [Category],
        items: [Item],
        pictures: ReportThumbnails,
        seed: UInt64 = 0
    ) {
        for task in items.lazy.flatMap(\.tasks) {
            precondition(categories.indices.contains(task.category), "a task is of one of the categories")
            precondition(categories[task.category].cells.indices.contains(task.cell), "a task is of a cell")
            precondition(task.probability > 0 && task.probability <= 1, "a probability is above 0 and at most 1")
        }
        self.title = title
        self.identity = identity
        self.categories = categories
        self.items = items
        self.pictures = pictures
        self.seed = seed
    }

    /// Writes the file, which is complete or absent.
    ///
    /// - Throws: `CLIPError` with code `storage`.
    package func write(to path: String) throws {
        var generator = SeededGenerator(seed: seed)
        var images = PageImages(pictures, pageAt: path)
        let data = Contents(
            identity: PageIdentity.hash(identity),
            title: title,
            categories: categories,
            items: items.shuffled(using: &generator).map {
                Image(id: $0.id, picture: images.picture(of: $0.id), tasks: $0.tasks)
            }
        )
        try HTMLTemplate.labelling.write(to: path, title: title, data: data, thumbnails: images.thumbnails)
    }

    /// What the page's script reads.
    private struct Contents: Encodable {
        let identity: String
        let title: String
        let categories: [Category]
        let items: [Image]
    }

    private struct Image: Encodable {
        let id: String
        let picture: PageImages.Picture
        let tasks: [Task]
    }
}
