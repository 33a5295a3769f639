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
///
/// Labels of a sample that was drawn with known probabilities carry these probabilities. Either all labels of a category
/// have one, or none has.
public struct ImageLabels: Sendable {
    /// The meaning of a missing label.
    public enum Form: Sendable, Hashable {
        /// It is not known whether the image belongs to the category.
        case partial
        /// Each listed image is fully labelled: it belongs to the categories given for it and to no others.
        case complete
    }

    private struct Pair: Hashable {
        let image: Int
        let category: Int
    }

    private struct Entry {
        var judgement: Judgement
        var row: Int
    }

    /// The labels' name in error messages, for example the path of their file.
    package let name: String
    /// The meaning of a missing label.
    package let form: Form
    /// The images, in order of first appearance, including those that nobody has judged yet.
    public private(set) var ids = [String]()
    /// The categories, in order of first appearance.
    public private(set) var categories = [String]()
    private var images = [ImageIDKey: Int]()
    private var categoryIndices = [String: Int]()
    private var entries = [Pair: Entry]()
    /// The first row of each category.
    private var firstRows = [Int: (row: Int, hasProbability: Bool)]()
    /// The row that assigns an image to no category.
    private var emptyRows = [Int: Int]()
    /// The first row that assigns an image to any category.
    private var memberRows = [Int: Int]()
    /// The images with at least one answer, yes or no.
    private var judgedImages = Set<Int>()

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
        if let judgement = judgement(image, category) { return judgement.answer.isMember }
        return form == .complete || emptyRows[image] != nil ? false : nil
    }

    /// The probability, above 0 and at most 1, with which an image was drawn for a category; `nil` if it was not drawn
    /// with a known one.
    package func probability(id: String, category: String) -> Double? {
        judgement(id: id, category: category)?.probability
    }

    /// What a row says about an image and a category, and how the image was drawn; `nil` if there is no such row.
    package func judgement(id: String, category: String) -> Judgement? {
        images[ImageIDKey(id)].flatMap { judgement($0, category) }
    }

    /// Whether any row is about an image.
    package func contains(id: String) -> Bool { images[ImageIDKey(id)] != nil }

    /// Whether it is known of an image that it belongs, or does not belong, to any category.
    package func isJudged(id: String) -> Bool { images[ImageIDKey(id)].map(judgedImages.contains) ?? false }

    private func judgement(_ image: Int, _ category: String) -> Judgement? {
        categoryIndices[category].flatMap { entries[Pair(image: image, category: $0)]?.judgement }
    }

    /// Adds the label in a row.
    ///
    /// An answer replaces an earlier `unsure` or missing answer.
    ///
    /// - Throws: `CLIPError` with code `invalidLabels` if an earlier row contradicts it.
    package mutating func add(_ judgement: Judgement, row: Int) throws {
        let image = index(ofImage: judgement.id)
        guard let category = judgement.category else {
            if let other = memberRows[image] {
                throw contradiction(judgement.id, "belongs to no category", row, "it belongs to one", other)
            }
            if emptyRows[image] == nil { emptyRows[image] = row }
            judgedImages.insert(image)
            return
        }
        if judgement.answer == .member, let other = emptyRows[image] {
            throw contradiction(judgement.id, "belongs to '\(category)'", row, "it belongs to none", other)
        }
        let pair = Pair(image: image, category: index(ofCategory: category))
        try requireProbability(judgement, category, pair.category, row)
        if let entry = entries[pair] {
            try requireAgreement(judgement, category, row, with: entry)
            guard judgement.answer.saysMore(than: entry.judgement.answer) else { return }
        }
        entries[pair] = Entry(judgement: judgement, row: row)
        if judgement.answer.isMember != nil { judgedImages.insert(image) }
        if judgement.answer == .member, memberRows[image] == nil { memberRows[image] = row }
    }

    /// Labels with and without a probability cannot be weighted together.
    private mutating func requireProbability(_ judgement: Judgement, _ name: String, _ category: Int, _ row: Int) throws
    {
        let hasProbability = judgement.probability != nil
        guard let first = firstRows[category] else {
            firstRows[category] = (row, hasProbability)
            return
        }
        guard first.hasProbability != hasProbability else { return }
        let rows = hasProbability ? (row, first.row) : (first.row, row)
        throw CLIPError(
            .invalidLabels,
            "\(self.name): row \(rows.0) has a probability for category '\(name)', and row \(rows.1) has none. Keep the "
                + "labels of a drawn sample and other labels of a category in separate files."
        )
    }

    private func requireAgreement(_ new: Judgement, _ category: String, _ row: Int, with old: Entry) throws {
        if let isMember = new.answer.isMember, let other = old.judgement.answer.isMember, isMember != other {
            let said = isMember ? ("belongs", "does not") : ("does not belong", "does")
            throw contradiction(new.id, "\(said.0) to '\(category)'", row, "it \(said.1)", old.row)
        }
        if let probability = new.probability, let other = old.judgement.probability, probability != other {
            let said = "was drawn for '\(category)' with probability"
            throw contradiction(new.id, "\(said) \(probability)", row, "with \(other)", old.row)
        }
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
