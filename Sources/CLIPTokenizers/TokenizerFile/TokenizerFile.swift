internal import CLIPCore

#if canImport(FoundationEssentials)
internal import FoundationEssentials
#else
internal import Foundation
#endif

/// The contents of a `tokenizer.json` of Hugging Face's `tokenizers`, as far as needed to turn text into ids.
struct TokenizerFile: Decodable {
    let version: String?
    let truncation: Truncation?
    let padding: Padding?
    let addedTokens: [AddedToken]?
    let normalizer: Normalizer?
    let preTokenizer: PreTokenizer?
    let postProcessor: PostProcessor?
    let model: Model

    /// A problem with the file, in words that follow the file's name.
    struct Problem: Error {
        let text: String

        init(_ text: String) {
            self.text = text
        }

        /// A component of an unsupported type.
        static func unsupported(_ component: String, _ name: String, supported: [String]) -> Problem {
            let list = supported.joined(separator: ", ")
            return Problem("the \(component) '\(name)' is not supported; supported: \(list)")
        }
    }

    /// Decodes a file.
    ///
    /// - Throws: ``Problem``.
    static func decode(_ file: [UInt8]) throws -> TokenizerFile {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        do {
            return try decoder.decode(TokenizerFile.self, from: Data(file))
        } catch let error as DecodingError {
            throw Problem(error.explanation)
        }
    }
}
