internal import CLIPCore

/// What people said about images: which belong to which categories, and which do not.
///
/// ```swift
/// let labels = try ImageLabels([
///     .init(id: "a.jpg", category: "dog", isMember: true),
///     .init(id: "b.jpg", category: "dog", isMember: false),
/// ])
/// labels.isMember(id: "a.jpg", category: "dog")  // true
/// labels.isMember(id: "a.jpg", category: "cat")  // nil: nobody said
/// ```
///
/// Ids are compared by their bytes. A judgement may be repeated, but not contradicted.
public struct ImageLabels: Sendable {
    /// What it means that nothing is said about an image and a category.
    public enum Form: Sendable, Hashable {
        /// It is not known whether the image belongs to the category.
        case partial
        /// Each image is labelled in full: it belongs to the categories named for it and to no other.
        case complete
    }

    /// One statement about an image.
    public struct Judgement: Sendable, Hashable {
        /// The image's id.
        package let id: String
        /// Name of the category; `nil` says that the image belongs to no category at all.
        package let category: String?
        /// Whether the image belongs to the category.
        package let isMember: Bool

        /// Says whether an image belongs to a category.
        public init(id: String, category: String, isMember: Bool) {
            self.id = id
            self.category = category
            self.isMember = isMember
        }

        /// Says that an image belongs to no category.
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

    /// What error messages call the labels, for example the path of their file.
    package let name: String
    /// What it means that nothing is said about an image and a category.
    package let form: Form
    /// The images that something is said about, in the order of their first rows.
    public private(set) var ids = [String]()
    /// The categories that are named, in the order of their first rows.
    public private(set) var categories = [String]()
    private var images = [ImageIDKey: Int]()
    private var categoryIndices = [String: Int]()
    private var entries = [Pair: Entry]()
    /// For images of no category the row that says so.
    private var emptyRows = [Int: Int]()
    /// For images of some category the first row that says so.
    private var memberRows = [Int: Int]()

    /// Starts without any judgement; ``add(_:row:)`` adds them.
    package init(name: String, form: Form) {
        self.name = name
        self.form = form
    }

    /// Collects judgements.
    ///
    /// - Parameters:
    ///   - judgements: One a row; error messages count rows from 1.
    ///   - form: What it means that nothing is said about an image and a category.
    ///   - name: What error messages call the labels.
    /// - Throws: `CLIPError` with code `invalidLabels` when two rows contradict each other.
    public init(_ judgements: some Sequence<Judgement>, form: Form = .partial, name: String = "labels") throws {
        self.init(name: name, form: form)
        for (index, judgement) in judgements.enumerated() { try add(judgement, row: index + 1) }
    }

    /// Whether an image belongs to a category; `nil` when nobody said.
    ///
    /// In the complete form an image that is listed belongs to no other category than those named for it.
    public func isMember(id: String, category: String) -> Bool? {
        guard let image = images[ImageIDKey(id)] else { return nil }
        if let index = categoryIndices[category], let entry = entries[Pair(image: image, category: index)] {
            return entry.isMember
        }
        return form == .complete || emptyRows[image] != nil ? false : nil
    }

    /// Whether anything is said about an image.
    package func contains(id: String) -> Bool { images[ImageIDKey(id)] != nil }

    /// Adds what a row says.
    ///
    /// - Throws: `CLIPError` with code `invalidLabels` when an earlier row says the opposite.
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
