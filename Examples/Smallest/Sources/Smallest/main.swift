import CLIPCore
import CLIPImage
import CLIPPipeline
import CLIPTorch

let photos = CommandLine.arguments[1]
let categories = try CategoryFile(contentsOf: CommandLine.arguments[2])
let bundle = try ModelBundle(named: "default")

// Embed the photos once.
let store = MemoryStore(model: bundle.model)
let run = EmbeddingRun(
    source: FolderSource(path: photos),
    decoder: ImageFileDecoder(),
    encoder: try bundle.imageEncoder(),
    writer: store
)
let summary = try await run.run()
print("\(summary.embedded) embedded, \(summary.failed) failed")

// Decide as often as you like.
let bank = try await PromptBank(categories, embedder: bundle.textEmbedder())
for image in try await Classifier(categories, bank: bank).classify(store) {
    print("\(image.id): \(image.matches.map(\.name))")
}
