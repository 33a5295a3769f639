internal import CLIPCore
internal import FoundationEssentials

/// Reads a bundle's JSON files and names the invalid field in errors.
enum JSONFile {
    /// Decodes JSON with `snake_case` keys.
    ///
    /// - Throws: `CLIPError` with code `invalidModel`.
    static func decode<Value: Decodable>(_ type: Value.Type, from json: [UInt8], path: String) throws -> Value {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        do {
            return try decoder.decode(type, from: Data(json))
        } catch let error as DecodingError {
            throw CLIPError(.invalidModel, "\(path): \(error.explanation).")
        }
    }
}
