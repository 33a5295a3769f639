extension DecodingError {
    /// Names the invalid field of a JSON file in `snake_case`, in words that follow the file's name.
    package var explanation: String {
        switch self {
        case .keyNotFound(let key, let context): "the field '\(Self.name(context.codingPath + [key]))' is missing"
        case .valueNotFound(_, let context): "the field '\(Self.name(context.codingPath))' has no value"
        case .typeMismatch(_, let context): "the field '\(Self.name(context.codingPath))' has a value of the wrong type"
        case .dataCorrupted(let context) where context.codingPath.isEmpty: "this is not valid JSON"
        case .dataCorrupted(let context): "the field '\(Self.name(context.codingPath))' has an unknown value"
        @unknown default: "the content is not as expected"
        }
    }

    /// The path of a field as it is written in the file, for example `image.resize_mode`.
    private static func name(_ path: [any CodingKey]) -> String {
        path.map { key in
            key.intValue.map { "[\($0)]" }
                ?? key.stringValue.reduce(into: "") { name, letter in
                    name += letter.isUppercase && !name.isEmpty ? "_\(letter.lowercased())" : "\(letter)"
                }
        }.joined(separator: ".")
    }
}
