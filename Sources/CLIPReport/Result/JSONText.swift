/// JSON that preserves the order of keys, unlike `JSONEncoder`.
enum JSONText {
    /// An object with keys and values that are already JSON.
    static func object(_ fields: [(key: String, value: String)]) -> String {
        "{\(fields.map { "\(string($0.key)):\($0.value)" }.joined(separator: ","))}"
    }

    /// An array of values that are already JSON.
    static func array(_ values: [String]) -> String {
        "[\(values.joined(separator: ","))]"
    }

    /// A quoted string.
    static func string(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case ..<" ":
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
