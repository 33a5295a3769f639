/// JSON whose keys keep their order, unlike those of `JSONEncoder`.
enum JSONText {
    /// An object of keys and values that are JSON already.
    static func object(_ fields: [(key: String, value: String)]) -> String {
        "{\(fields.map { "\(string($0.key)):\($0.value)" }.joined(separator: ","))}"
    }

    /// An array of values that are JSON already.
    static func array(_ values: [String]) -> String {
        "[\(values.joined(separator: ","))]"
    }

    /// A string in quotes.
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
