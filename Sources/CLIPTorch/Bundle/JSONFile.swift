internal import CLIPCore
internal import FoundationEssentials

/// Reads the JSON files of a bundle and says which field is wrong.
enum JSONFile {
    /// Decodes JSON whose keys are in `snake_case`.
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
