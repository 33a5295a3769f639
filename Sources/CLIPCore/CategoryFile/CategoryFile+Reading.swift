internal import Yams

extension CategoryFile {
    /// Reads a category file in YAML or JSON.
    ///
    /// - Throws: ``CLIPError`` with code `notFound` or `unreadable`, or `invalidCategoryFile` whose message starts with
    ///   `file:line:column` and names the category and the key.
    public init(contentsOf path: String) throws {
        try self.init(text: Self.text(FileBytes.read(path, allowsStreams: true), name: path), name: path)
    }

    /// Decodes the bytes of a category file as UTF-8.
    ///
    /// - Throws: ``CLIPError`` with code `invalidCategoryFile`.
    package static func text(_ bytes: [UInt8], name: String) throws -> String {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw CLIPError(.invalidCategoryFile, "\(name): The file is not valid UTF-8. Save the file as UTF-8.")
        }
        return text
    }

    /// Parses a category file in YAML or JSON.
    ///
    /// - Parameters:
    ///   - text: The contents.
    ///   - name: The file's name in error messages.
    /// - Throws: ``CLIPError`` with code `invalidCategoryFile`.
    public init(text: String, name: String) throws {
        let reader = CategoryFileReader(file: name)
        let fields = try reader.fields(
            of: reader.root(of: text),
            known: [
                "model_sha256", "model", "calibrated_on", "templates", "neutral", "rule", "threshold", "neutral_margin",
                "categories",
            ],
            in: "the file"
        )
        guard let list = fields["categories"] else {
            throw reader.error(
                nil,
                "The 'categories' key is missing. List each category with its positive descriptions."
            )
        }
        // Version 0.1 wrote 'model_sha256' as 'model'.
        if let old = fields["model"], fields["model_sha256"] != nil {
            throw reader.error(old, "'model' and 'model_sha256' mean the same. Remove 'model'.")
        }
        let model = fields["model_sha256"] ?? fields["model"]
        let threshold = try fields["threshold"].map { try reader.number($0, "'threshold'") }
        let rule = try fields["rule"].map { try reader.rule($0, "'rule'") } ?? .contrast
        self.init(
            categories: try reader.categories(list, defaultThreshold: threshold, defaultRule: rule),
            neutral: try fields["neutral"].map { try reader.texts($0, "'neutral'") } ?? [],
            templates: try fields["templates"].map { try reader.templates($0, "'templates'") } ?? [],
            rule: rule,
            neutralMargin: try fields["neutral_margin"].map { try reader.number($0, "'neutral_margin'") } ?? 0,
            model: try model.map { try reader.text($0, "'model_sha256'") },
            calibratedOn: try fields["calibrated_on"].map { try reader.text($0, "'calibrated_on'") }
        )
        guard let fault else { return }
        let keys = try reader.entries(of: list, "'categories'").map(\.key)
        throw reader.error(fault.category.map { keys[$0] }, fault.message)
    }
}

extension CategoryFileReader {
    func categories(
        _ node: Node,
        defaultThreshold: Float?,
        defaultRule: RuleChoice
    ) throws -> [CategoryFile.Category] {
        let entries = try entries(of: node, "'categories'")
        let categories = try entries.map { _, name, node in
            try category(name, node, defaultThreshold: defaultThreshold, defaultRule: defaultRule)
        }
        guard !categories.isEmpty else {
            throw error(node, "'categories' is empty. Add at least one category.")
        }
        return categories
    }

    private func category(
        _ name: String,
        _ node: Node,
        defaultThreshold: Float?,
        defaultRule: RuleChoice
    ) throws -> CategoryFile.Category {
        let place = "category '\(name)'"
        guard !node.isNull else {
            throw error(node, "\(place) is empty. Write its keys below its name, indented further than the name.")
        }
        guard node.mapping != nil || !Self.categoryKeys.contains(name) else {
            throw error(
                node,
                "'\(name)' stands where the name of a category belongs. Indent it further than the name of its category."
            )
        }
        let fields = try fields(of: node, known: Self.categoryKeys, in: place)
        let rule = try fields["rule"].map { try self.rule($0, "'rule' of \(place)") }
        let positives = try fields["positive"].map { try texts($0, "'positive' of \(place)") }
        if positives?.isEmpty ?? true, !(rule ?? defaultRule).learnsFromImages {
            guard let positive = fields["positive"] else {
                throw error(node, "\(place) has no 'positive' descriptions. Give at least one.")
            }
            throw error(positive, "'positive' of \(place) is empty. Give at least one description.")
        }
        let ownThreshold = try fields["threshold"].map { try number($0, "'threshold' of \(place)") }
        guard let threshold = ownThreshold ?? defaultThreshold else {
            throw error(node, "\(place) has no 'threshold', and the file has none. Set it in one of the two places.")
        }
        return CategoryFile.Category(
            name: name,
            positive: positives ?? [],
            negative: try fields["negative"].map { try texts($0, "'negative' of \(place)") } ?? [],
            threshold: threshold,
            templates: try fields["templates"].map { try templates($0, "'templates' of \(place)") },
            rule: rule
        )
    }
}
