internal import CLIPCore
internal import FoundationEssentials

/// Reads the JSON files of a bundle and says which field is wrong.
enum JSONFile {
    /// Decodes JSON whose keys are in `snake_case`.
    ///
    /// - Throws: ``CLIPError`` with code `invalidModel`.
    static func decode<Value: Decodable>(_ type: Value.Type, from json: [UInt8], path: String) throws -> Value {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        do {
            return try decoder.decode(type, from: Data(json))
        } catch let error as DecodingError {
            throw CLIPError(.invalidModel, "\(path): \(problem(error)).")
        }
    }

    private static func problem(_ error: DecodingError) -> String {
        switch error {
        case .keyNotFound(let key, let context): "the field '\(name(context.codingPath + [key]))' is missing"
        case .valueNotFound(_, let context): "the field '\(name(context.codingPath))' has no value"
        case .typeMismatch(_, let context): "the field '\(name(context.codingPath))' has a value of the wrong kind"
        case .dataCorrupted(let context) where context.codingPath.isEmpty: "this is not valid JSON"
        case .dataCorrupted(let context): "the field '\(name(context.codingPath))' has a value that is not known"
        @unknown default: "this is not what was expected"
        }
    }

    /// The path of a field as it is written in the file, for example `image.resize_mode`.
    private static func name(_ path: [any CodingKey]) -> String {
        path.map { key in
            key.intValue.map { "[\($0)]" }
                ?? key.stringValue.reduce(into: "") { name, letter in
                    name += letter.isUppercase ? "_\(letter.lowercased())" : "\(letter)"
                }
        }.joined(separator: ".")
    }
}
