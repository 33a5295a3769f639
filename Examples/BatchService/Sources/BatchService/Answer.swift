import CLIPCore

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The answer for one image: its categories and scores, or the error.
struct Answer: Encodable {
    let id: String
    var categories: [String]?
    var scores: [String: Float]?
    var code: String?
    var error: String?

    init(_ image: Decisions.Image) {
        id = image.id
        categories = image.matches.map(\.name)
        scores = Dictionary(uniqueKeysWithValues: image.map { ($0.name, $0.score) })
    }

    init(id: String, error: any Error) {
        self.id = id
        self.error = "\(error)"
        code = (error as? CLIPError)?.code.description
    }

    /// One line of JSON; fields without a value are omitted.
    func line() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }
}
