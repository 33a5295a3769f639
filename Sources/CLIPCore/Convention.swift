/// The program whose preprocessing and tokenizer a model was trained with, where they differ in details.
package enum Convention: String, Sendable, Hashable, Codable {
    case openCLIP = "open_clip"
    case transformers
}
