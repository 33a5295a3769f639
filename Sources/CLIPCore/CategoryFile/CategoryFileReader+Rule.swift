internal import Yams

extension CategoryFileReader {
    /// Reads a rule: a name, or a mapping of name and parameters.
    func rule(_ node: Node, _ what: String) throws -> RuleChoice {
        guard node.mapping != nil else { return try rule(named: node, what) }
        let parameters = ["k", "group", "logit_scale", "logit_bias", "regularization"]
        var fields = try fields(of: node, known: ["name"] + parameters, in: what)
        guard let name = fields.removeValue(forKey: "name") else {
            throw error(node, "\(what) has no 'name', for example {name: top-k-mean, k: 3}.")
        }
        let rule = try configured(try rule(named: name, what), what, &fields)
        if let (key, node) = fields.min(by: { $0.key < $1.key }) {
            throw error(node, "The rule '\(rule.name)' has no parameter '\(key)'. Remove it.")
        }
        return rule
    }

    private func rule(named node: Node, _ what: String) throws -> RuleChoice {
        let name = try text(node, what)
        guard let rule = RuleChoice.all.first(where: { $0.name == name }) else {
            throw error(node, "There is no rule '\(name)'.\(advice(on: name, known: RuleChoice.all.map(\.name)))")
        }
        return rule
    }

    /// Applies the parameters that the rule supports, and removes them from `fields`.
    private func configured(_ rule: RuleChoice, _ what: String, _ fields: inout [String: Node]) throws -> RuleChoice {
        func take<Value>(_ key: String, _ read: (Node, String) throws -> Value) throws -> Value? {
            try fields.removeValue(forKey: key).map { try read($0, "'\(key)' of \(what)") }
        }
        switch rule {
        case .topKMean(let k):
            return .topKMean(k: try take("k", count) ?? k)
        case .softmax:
            return .softmax(group: try take("group", text), scale: try take("logit_scale", positive))
        case .sigmoid:
            return .sigmoid(
                scale: try take("logit_scale", positive),
                bias: try take("logit_bias") { Double(try number($0, $1)) }
            )
        case .linearProbe(let regularization):
            return .linearProbe(regularization: try take("regularization", positive) ?? regularization)
        case .contrast, .strongestNegative, .bestPrompt, .nearestExemplar, .exemplarMean, .custom:
            return rule
        }
    }

    private func positive(_ node: Node, _ what: String) throws -> Double {
        guard let scalar = node.scalar, let value = Double(scalar.string), 1e-30...1e30 ~= value else {
            throw error(node, "\(what) must be a positive number, from 1e-30 to 1e30.")
        }
        return value
    }

    private func count(_ node: Node, _ what: String) throws -> Int {
        guard let scalar = node.scalar, let value = Int(scalar.string), value > 0 else {
            throw error(node, "\(what) must be a positive integer.")
        }
        return value
    }
}
