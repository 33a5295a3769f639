internal import CLIPCore

/// Labels of images: which categories each image belongs to, and which it does not.
///
/// ```swift
/// let labels = try ImageLabels([
///     .init(id: "a.jpg", category: "dog", isMember: true),
///     .init(id: "b.jpg", category: "dog", isMember: false),
/// ])
/// labels.isMember(id: "a.jpg", category: "dog")  // true
/// labels.isMember(id: "a.jpg", category: "cat")  // nil: unknown
/// ```
///
/// Ids are compared byte by byte. Labels may repeat, but must not contradict each other.
public struct ImageLabels: Sendable {
    /// The meaning of a missing label.
    public enum Form: Sendable, Hashable {
        /// It is not known whether the image belongs to the category.
        case partial
        /// Each listed image is fully labelled: it belongs to the categories given for it and to no others.
        case complete
    }

    /// One label of an image.
    public struct Judgement: Sendable, Hashable {
        /// The image's id.
        package let id: String
        /// The name of the category; `nil` if the image belongs to no category at all.
        package let category: String?
        /// Whether the image belongs to the category.
        package let isMember: Bool

        /// Labels an image as belonging to a category or not.
        public init(id: String, category: String, isMember: Bool) {
            self.id = id
            self.category = category
            self.isMember = isMember
        }

        /// Labels an image as belonging to no category.
        public init(idOfNone id: String) {
            self.id = id
            category = nil
            isMember = false
        }
    }

    private struct Pair: Hashable {
        let image: Int
        let category: Int
    }

    private struct Entry {
        let isMember: Bool
        let row: Int
    }

    /// The labels' name in error messages, for example the path of their file.
    package let name: String
    /// The meaning of a missing label.
    package let form: Form
    /// The labelled images, in order of first appearance.
    public private(set) var ids = [String]()
    /// The categories, in order of first appearance.
    public private(set) var categories = [String]()
    private var images = [ImageIDKey: Int]()
    private var categoryIndices = [String: Int]()
    private var entries = [Pair: Entry]()
    /// The row that assigns an image to no category.
    private var emptyRows = [Int: Int]()
    /// The first row that assigns an image to any category.
    private var memberRows = [Int: Int]()

    /// Creates an empty set; add labels with ``add(_:row:)``.
    package init(name: String, form: Form) {
        self.name = name
        self.form = form
    }

    /// Creates a set of labels.
    ///
    /// - Parameters:
    ///   - judgements: One label per row; error messages count rows from 1.
    ///   - form: The meaning of a missing label.
    ///   - name: The labels' name in error messages.
    /// - Throws: `CLIPError` with code `invalidLabels` if two rows contradict each other.
    public init(_ judgements: some Sequence<Judgement>, form: Form = .partial, name: String = "labels") throws {
        self.init(name: name, form: form)
        for (index, judgement) in judgements.enumerated() { try add(judgement, row: index + 1) }
    }

    /// Whether an image belongs to a category; `nil` if unknown.
    ///
    /// In the complete form, a listed image belongs to no other categories than those given for it.
    public func isMember(id: String, category: String) -> Bool? {
        guard let image = images[ImageIDKey(id)] else { return nil }
        if let index = categoryIndices[category], let entry = entries[Pair(image: image, category: index)] {
            return entry.isMember
        }
        return form == .complete || emptyRows[image] != nil ? false : nil
    }

    /// Whether an image has any label.
    package func contains(id: String) -> Bool { images[ImageIDKey(id)] != nil }

    /// Adds the label in a row.
    ///
    /// - Throws: `CLIPError` with code `invalidLabels` if an earlier row contradicts it.
    package mutating func add(_ judgement: Judgement, row: Int) throws {
        let image = index(ofImage: judgement.id)
        guard let category = judgement.category else {
            if let other = memberRows[image] {
                throw contradiction(judgement.id, "belongs to no category", row, "it belongs to one", other)
            }
            if emptyRows[image] == nil { emptyRows[image] = row }
            return
        }
        if judgement.isMember, let other = emptyRows[image] {
            throw contradiction(judgement.id, "belongs to '\(category)'", row, "it belongs to none", other)
        }
        let pair = Pair(image: image, category: index(ofCategory: category))
        if let entry = entries[pair] {
            guard entry.isMember != judgement.isMember else { return }
            let said = judgement.isMember ? ("belongs", "does not") : ("does not belong", "does")
            throw contradiction(judgement.id, "\(said.0) to '\(category)'", row, "it \(said.1)", entry.row)
        }
        entries[pair] = Entry(isMember: judgement.isMember, row: row)
        if judgement.isMember, memberRows[image] == nil { memberRows[image] = row }
    }

    private mutating func index(ofImage id: String) -> Int {
        let key = ImageIDKey(id)
        if let index = images[key] { return index }
        images[key] = ids.count
        ids.append(id)
        return ids.count - 1
    }

    private mutating func index(ofCategory category: String) -> Int {
        if let index = categoryIndices[category] { return index }
        categoryIndices[category] = categories.count
        categories.append(category)
        return categories.count - 1
    }

    private func contradiction(_ id: String, _ new: String, _ row: Int, _ old: String, _ oldRow: Int) -> CLIPError {
        CLIPError(
            .invalidLabels,
            "\(name): row \(row) says that image '\(id)' \(new), and row \(oldRow) that \(old). Remove one of them."
        )
    }
}
