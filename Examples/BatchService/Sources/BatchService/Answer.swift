import CLIPCore

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What becomes of one image: its categories and scores, or why there are none.
struct Answer: Encodable {
    let id: String
    var categories: [String]?
    var scores: [String: Float]?
    var code: String?
    var error: String?

    init(id: String, _ decisions: Decisions, image: Int, names: [String]) {
        self.id = id
        categories = decisions.matches(image: image).map { names[$0] }
        scores = [:]
        for (category, name) in names.enumerated() {
            scores?[name] = decisions.evidence(image: image, category: category).score
        }
    }

    init(id: String, error: any Error) {
        self.id = id
        self.error = "\(error)"
        code = (error as? CLIPError)?.code.description
    }

    /// One line of JSON; fields without a value are left out.
    func line() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }
}
