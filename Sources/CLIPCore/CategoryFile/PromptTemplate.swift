/// A sentence with a placeholder for a description.
///
/// For example `a photo of {}`. The placeholder is `{}`, as in open_clip, or `{c}`, as in CLIP_benchmark.
package enum PromptTemplate {
    private static let slots = ["{}", "{c}"]

    /// Whether a sentence contains a placeholder.
    static func isTemplate(_ text: String) -> Bool {
        slots.contains(where: text.contains)
    }

    /// The prompts for a description: each template with the description in place of every placeholder, or the
    /// description itself if there are no templates.
    package static func sentences(_ description: String, _ templates: [String]) -> [String] {
        templates.isEmpty ? [description] : templates.map { filled($0, with: description) }
    }

    private static func filled(_ template: String, with description: String) -> String {
        var result = ""
        var rest = template[...]
        while let start = rest.firstIndex(of: "{") {
            result += rest[..<start]
            rest = rest[start...]
            if let slot = slots.first(where: rest.hasPrefix) {
                result += description
                rest = rest.dropFirst(slot.count)
            } else {
                result += "{"
                rest = rest.dropFirst()
            }
        }
        return result + rest
    }
}
