/// A sentence with a place for a description.
///
/// For example `a photo of {}`. The place is written `{}`, as in open_clip, or `{c}`, as in CLIP_benchmark.
public struct PromptTemplate: Sendable, Hashable {
    private static let slots = ["{}", "{c}"]

    /// The sentence with its place.
    public let text: String

    /// Creates a template, or `nil` when the text has no place for a description.
    public init?(_ text: String) {
        guard Self.slots.contains(where: text.contains) else { return nil }
        self.text = text
    }

    /// The sentence with the description in every place.
    package func filled(with description: String) -> String {
        var result = ""
        var rest = text[...]
        while let start = rest.firstIndex(of: "{") {
            result += rest[..<start]
            rest = rest[start...]
            if let slot = Self.slots.first(where: rest.hasPrefix) {
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
