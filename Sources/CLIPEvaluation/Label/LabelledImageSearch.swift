internal import CLIPCore

/// Finds the labelled images of a collection, whose ids it is asked about in order.
package struct LabelledImageSearch {
    let labels: ImageLabels
    let categories: [String]
    /// The images found that have an answer, in the order of the collection.
    private(set) var ids = [String]()
    /// Those that have none.
    private(set) var openIDs = [String]()
    private let judged: [String]
    private let collection: String
    private var found = ImageIDSet()
    private var otherID: String?

    /// The images with an answer that were not found.
    var missing: [String] { judged.filter { !found.contains($0) } }

    /// Starts a search.
    ///
    /// - Parameters:
    ///   - labels: The labels.
    ///   - categories: Names of the categories, as in the category file.
    ///   - collection: The collection's name in error messages.
    /// - Throws: `CLIPError` with code `invalidLabels` if labels name an unknown category, or if there is no answer.
    package init(_ labels: ImageLabels, categories: [String], collection: String) throws {
        try labels.requireCategories(among: categories)
        judged = try labels.judgedIDs()
        self.labels = labels
        self.categories = categories
        self.collection = collection
    }

    /// Whether the next image of the collection has an answer.
    ///
    /// - Throws: `CLIPError` with code `invalidEmbeddings` if it has occurred before.
    package mutating func isJudged(_ id: String) throws -> Bool {
        guard labels.contains(id: id) else {
            otherID = otherID ?? id
            return false
        }
        guard found.insert(id) else { throw CLIPError.doubledImage(id, in: collection) }
        guard labels.isJudged(id: id) else {
            openIDs.append(id)
            return false
        }
        ids.append(id)
        return true
    }

    /// What to say of images that were not found; `nil` if all were.
    func failure(missing: [String]) -> CLIPError? {
        guard !missing.isEmpty else { return nil }
        return labels.missing(
            missing,
            of: judged.count,
            collection: collection,
            heldID: ids.first ?? openIDs.first ?? otherID
        )
    }
}

extension ImageLabels {
    /// Throws if labels name a category that the category file does not have.
    fileprivate func requireCategories(among known: [String]) throws {
        guard let unknown = categories.first(where: { !known.contains($0) }) else { return }
        let near = Spelling.nearest(to: unknown, among: known).map { " Did you mean '\($0)'?" } ?? ""
        throw CLIPError(
            .invalidLabels,
            "\(name): there is no category '\(unknown)' in the category file.\(near) It has "
                + "\(known.map { "'\($0)'" }.joined(separator: ", "))."
        )
    }

    /// The images with at least one answer; throws if there is none.
    fileprivate func judgedIDs() throws -> [String] {
        let judged = ids.filter(isJudged)
        guard !judged.isEmpty else {
            throw CLIPError(
                .invalidLabels,
                "\(name): no image is labelled yet. Write 1 or 0 in the column 'label'."
            )
        }
        return judged
    }

    fileprivate func missing(_ missing: [String], of count: Int, collection: String, heldID: String?) -> CLIPError {
        let shown = missing.prefix(3).map { "'\($0)'" }.joined(separator: ", ")
        let more = missing.count > 3 ? " and \(missing.count - 3) more" : ""
        let example = heldID.map { " Ids in it look like '\($0)'." } ?? ""
        let isOne = missing.count == 1
        let advice =
            isOne
            ? "Correct the id, embed this image, or, for --labels, use --skip-missing"
            : "Correct the ids, embed these images, or, for --labels, use --skip-missing"
        return CLIPError(
            .invalidLabels,
            "\(name): \(missing.count) of \(count) labelled images \(isOne ? "is" : "are") not in \(collection): "
                + "\(shown)\(more).\(example) \(advice)."
        )
    }
}
