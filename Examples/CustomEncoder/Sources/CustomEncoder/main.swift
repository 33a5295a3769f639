import CLIPCore
import CLIPImage
import CLIPPipeline
import CLIPTesting

let encoder = ColorImageEncoder()
let texts = ["red", "a green thing", "black and gray and white"]
try await Conformance.check(encoder)
try Conformance.check(ColorTokenizer(), texts: texts)
try await Conformance.check(ColorTextEncoder(), tokenizer: ColorTokenizer(), texts: texts)
print("The encoders and the tokenizer keep their contracts.")

// Embed a folder of images.
let store = MemoryStore(model: encoder.model)
let summary = try await EmbeddingRun(
    source: FolderSource(path: CommandLine.arguments[1]),
    decoder: ImageFileDecoder(),
    encoder: encoder,
    writer: store
).run()
print("\(summary.embedded) embedded, \(summary.failed) failed")

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
