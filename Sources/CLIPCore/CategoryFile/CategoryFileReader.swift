package import Yams

/// Reads typed values from a YAML document and reports the position of an invalid value.
package struct CategoryFileReader {
    /// The keys of a category, whatever its rule, so that changing one line is enough to try another rule.
    static let categoryKeys = ["positive", "negative", "threshold", "templates", "rule"]

    /// The file's name in error messages.
    let file: String

    /// Creates a reader.
    ///
    /// - Parameter file: The file's name in error messages.
    package init(file: String) {
        self.file = file
    }

    /// Parses a document.
    ///
    /// - Throws: ``CLIPError`` with code `invalidCategoryFile` that names the position.
    package func root(of text: String) throws -> Node {
        let text = text.hasPrefix("\u{FEFF}") ? String(text.dropFirst()) : text
        do {
            guard let node = try Yams.compose(yaml: JSONEscapes.joiningSurrogates(in: text)) else {
                throw error(nil, "The file is empty.")
            }
            return node
        } catch let problem as YamlError {
            throw error(problem)
        }
    }

    /// The entries of a mapping, in order.
    ///
    /// - Parameters:
    ///   - node: The mapping.
    ///   - what: What the error message calls it.
    /// - Returns: Keys, their names and their values.
    /// - Throws: ``CLIPError`` with code `invalidCategoryFile` if it is not a mapping or a key occurs twice.
    package func entries(of node: Node, _ what: String) throws -> [(key: Node, name: String, value: Node)] {
        guard let mapping = node.mapping else {
            throw error(node, "\(what) must be a mapping, for example 'key: value', not \(kind(of: node)).")
        }
        var names = Set<String>()
        return try mapping.map { key, value in
            guard let name = key.scalar?.string, !name.isEmpty else {
                throw error(key, "A key of \(what) must be a string, not \(kind(of: key)).")
            }
            guard names.insert(name).inserted else {
                throw error(key, "\(what) has the key '\(name)' twice.")
            }
            return (key, name, value)
        }
    }

    /// The entries of a mapping with known keys; a `null` value counts as absent.
    func fields(of node: Node, known: [String], in place: String) throws -> [String: Node] {
        var fields = [String: Node]()
        for (key, name, value) in try entries(of: node, place) {
            guard known.contains(name) else {
                let advice =
                    ["positive", "negative"].contains(name)
                    ? " Indent it further than the name of its category." : advice(on: name, known: known)
                throw error(key, "\(place) has an unknown key '\(name)'.\(advice)")
            }
            fields[name] = value.isNull ? nil : value
        }
        return fields
    }

    func text(_ node: Node, _ what: String) throws -> String {
        guard let text = node.scalar?.string, !node.isNull else {
            throw error(node, "\(what) must be a string, not \(kind(of: node)).")
        }
        guard text.contains(where: { !$0.isWhitespace }) else {
            throw error(node, "\(what) is empty.")
        }
        return text
    }

    func texts(_ node: Node, _ what: String) throws -> [String] {
        guard let sequence = node.sequence else {
            throw error(
                node,
                "\(what) must be a list of strings, for example [\"a dog\", \"a puppy\"], not \(kind(of: node))."
            )
        }
        return try sequence.map { try text($0, "An entry of \(what)") }
    }

    func templates(_ node: Node, _ what: String) throws -> [String] {
        let texts = try texts(node, what)
        for (text, node) in zip(texts, node.sequence ?? []) where !PromptTemplate.isTemplate(text) {
            throw error(
                node,
                "The entry \"\(text)\" of \(what) has no {} placeholder. Write {} where the description belongs."
            )
        }
        return texts
    }

    func number(_ node: Node, _ what: String) throws -> Float {
        guard let scalar = node.scalar, let value = Float(scalar.string), value.isFinite else {
            let found = node.scalar.map { "\"\($0.string)\"" } ?? kind(of: node)
            throw error(node, "\(what) must be a number, for example 0.05, not \(found).")
        }
        return value
    }

    /// An error that names the file and a node's position.
    package func error(_ node: Node?, _ message: String) -> CLIPError {
        let position = node?.mark.map { ":\($0.line):\($0.column)" } ?? ""
        let sentence = message.prefix(1).uppercased() + message.dropFirst()
        return CLIPError(.invalidCategoryFile, "\(file)\(position): \(sentence)")
    }

    func advice(on word: String, known: [String]) -> String {
        let near = Spelling.nearest(to: word, among: known).map { " Did you mean '\($0)'?" } ?? ""
        return "\(near) Known: \(known.joined(separator: ", "))."
    }

    private func kind(of node: Node) -> String {
        switch node {
        case .scalar: node.isNull ? "nothing" : "a single value"
        case .mapping: "a mapping"
        case .sequence: "a list"
        case .alias: "an alias"
        }
    }
}

extension Node {
    var isNull: Bool { null != nil }
}
