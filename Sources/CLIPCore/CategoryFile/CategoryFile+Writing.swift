internal import Yams

extension CategoryFile {
    /// The category file as YAML, which reads back as the same categories.
    ///
    /// `CalibrationResult.applied(to:name:calibratedOn:)` changes only the numbers of a hand-written file and
    /// keeps its comments and order.
    ///
    /// - Throws: ``CLIPError`` with code `invalidCategoryFile` if the file is invalid or a category uses a custom rule,
    ///   which a category file cannot name.
    public func yaml() throws -> String {
        try validate()
        var file = YAMLMapping()
        file["model_sha256"] = model.map(Node.quoted)
        file["calibrated_on"] = calibratedOn.map(Node.quoted)
        file["templates"] = templates.isEmpty ? nil : .list(templates)
        file["neutral"] = neutral.isEmpty ? nil : .list(neutral)
        file["neutral_margin"] = .number(neutralMargin)
        file["rule"] = try rule.node()
        var entries = YAMLMapping()
        for category in categories {
            var fields = YAMLMapping()
            fields["positive"] = category.positive.isEmpty ? nil : .list(category.positive)
            fields["negative"] = category.negative.isEmpty ? nil : .list(category.negative)
            fields["threshold"] = .number(category.threshold)
            fields["templates"] = category.templates.map(Node.list)
            fields["rule"] = try category.rule?.node()
            entries.pairs.append((.quoted(category.name), fields.node))
        }
        file["categories"] = entries.node
        return try Yams.serialize(node: file.node, width: -1, allowUnicode: true)
    }
}

/// A mapping that keeps the order of its keys.
private struct YAMLMapping {
    var pairs = [(Node, Node)]()

    var node: Node { Node(pairs) }

    subscript(key: String) -> Node? {
        get { pairs.first { $0.0.string == key }?.1 }
        set { if let newValue { pairs.append((Node(key), newValue)) } }
    }
}

extension Node {
    /// A quoted scalar, so that no reader takes it for a number or a Boolean.
    fileprivate static func quoted(_ text: String) -> Node {
        .scalar(.init(text, Tag(.str), .doubleQuoted))
    }

    fileprivate static func list(_ texts: [String]) -> Node {
        .sequence(.init(texts.map(quoted)))
    }

    fileprivate static func number(_ value: Float) -> Node { Node(DecimalText.exact(value)) }

    fileprivate static func number(_ value: Double) -> Node { Node("\(value)") }
}

extension RuleChoice {
    fileprivate func node() throws -> Node {
        var fields = YAMLMapping()
        fields["name"] = Node(name)
        switch self {
        case .contrast, .strongestNegative, .bestPrompt, .nearestExemplar, .exemplarMean: break
        case .topKMean(let k): fields["k"] = Node("\(k)")
        case .softmax(let group, let scale):
            fields["group"] = group.map(Node.quoted)
            fields["logit_scale"] = scale.map { .number($0) }
        case .sigmoid(let scale, let bias):
            fields["logit_scale"] = scale.map { .number($0) }
            fields["logit_bias"] = bias.map { .number($0) }
        case .linearProbe(let regularization): fields["regularization"] = .number(regularization)
        case .custom:
            throw CLIPError(
                .invalidCategoryFile,
                "The rule '\(name)' is a custom rule, which a category file cannot name. Write the file without it, and "
                    + "choose the rule in the program."
            )
        }
        return fields.pairs.count == 1 ? Node(name) : fields.node
    }
}
