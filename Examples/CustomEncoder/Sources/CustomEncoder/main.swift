import CLIPCore
import CLIPImage
import CLIPPipeline
import CLIPTesting

let encoder = ColorImageEncoder()
try await Conformance.check(encoder)
print("ColorImageEncoder keeps the contract of an image encoder.")

// Embed a folder of images.
let store = MemoryStore(model: encoder.model)
let result = try await EmbeddingRun(
    source: FolderSource(path: CommandLine.arguments[1]),
    decoder: ImageFileDecoder(),
    encoder: encoder,
    writer: store
).run()
print("\(result.embedded) embedded, \(result.failed) failed")

// Sort them by colour.
let file = CategoryFile(categories: [
    .init(name: "red", positive: ["a red thing"], negative: ["gray", "yellow"], threshold: 0.1),
    .init(name: "green", positive: ["a green thing"], negative: ["gray", "yellow"], threshold: 0.1),
    .init(name: "dark", positive: ["black"], negative: ["gray"], threshold: 0.1),
])
let embedder = TextEmbedder(tokenizer: ColorTokenizer(), encoder: ColorTextEncoder())
let bank = try await PromptBank(file, embedder: embedder)
for image in try await Classifier(file, bank: bank).classify(store) {
    print("\(image.id): \(image.matches.map(\.name))")
}
