public import CLIPCore

extension CollectionOverview {
    /// A first draft of a category file, with one category per cluster, named by its first phrase.
    ///
    /// Clusters with the same first phrase become one category. Thresholds are those of largest F1 for recognising the
    /// cluster's images in the sample: starting points, since a cluster is no label.
    ///
    /// - Parameter descriptions: The number of phrases that become positive descriptions of a category.
    /// - Returns: The draft; without categories if no cluster has a phrase.
    /// - Throws: `CLIPError` with code `invalidEmbeddings` if the phrases of a category cancel each other out.
    public func draft(descriptions: Int = 2) throws -> CategoryFile {
        precondition(descriptions > 0, "a category has a description")
        var categories = [CategoryFile.Category]()
        var members = [Set<Int>]()
        for (index, cluster) in clusters.enumerated() {
            guard let name = cluster.phrases.first?.text else { continue }
            if let same = categories.firstIndex(where: { $0.name == name }) {
                members[same].insert(index)
            } else {
                let positive = cluster.phrases.prefix(descriptions).map(\.text)
                categories.append(.init(name: name, positive: positive, threshold: 0))
                members.append([index])
            }
        }
        var file = CategoryFile(categories: categories)
        guard !categories.isEmpty else { return file }
        let evidence = try Classifier(file, bank: PromptBank(file, vectors: vectors)).score(sample.images)
        let weights = [Double](repeating: 1, count: sample.images.count)
        for index in categories.indices {
            let own = stride(from: index, to: evidence.count, by: categories.count).lazy.map { evidence[$0] }
            let labels: [Bool?] = sample.clusters.map { members[index].contains($0) }
            let ranked = RankedScores(evidence: own, labels: labels)
            file.categories[index].threshold = ranked.fit(.f1, margin: 0, weights: weights).threshold ?? 0
        }
        return file
    }

    /// The draft as YAML, with the number of images and examples of each category in comments.
    ///
    /// - Parameters:
    ///   - descriptions: The number of phrases that become positive descriptions of a category.
    ///   - examples: The number of examples per category.
    /// - Returns: The contents of a category file.
    /// - Throws: What ``draft(descriptions:)`` throws; `CLIPError` with code `notFound` if no cluster has a phrase.
    package func draftText(descriptions: Int = 2, examples: Int = 3) throws -> String {
        let file = try draft(descriptions: descriptions)
        guard !file.categories.isEmpty else {
            throw CLIPError(.notFound, "No phrase of the vocabulary describes any cluster. Use another vocabulary.")
        }
        var comments = file.categories.map { category in
            let own = clusters.filter { $0.phrases.first?.text == category.name }
            let count = own.reduce(0) { $0 + $1.count }
            let ids = own.flatMap(\.examples).prefix(examples).map { id in
                String(String.UnicodeScalarView(id.unicodeScalars.map { Self.isUnfit($0) ? " " : $0 }))
            }
            return "  # \(count) image\(count == 1 ? "" : "s"), such as \(ids.joined(separator: ", "))"
        }[...]
        var lines = ["# A draft: rename the categories, remove what is of no interest, and check the thresholds."]
        // Names of categories are the only quoted keys with this indentation.
        for line in try file.yaml().split(separator: "\n", omittingEmptySubsequences: false).map(String.init) {
            if line.hasPrefix("  \""), let comment = comments.popFirst() { lines.append(comment) }
            lines.append(line)
        }
        return lines.joined(separator: "\n")
    }

    /// Whether a character ends a line, or may not be in a YAML comment.
    private static func isUnfit(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator, .unassigned: true
        default: scalar == "\u{FEFF}"
        }
    }
}
