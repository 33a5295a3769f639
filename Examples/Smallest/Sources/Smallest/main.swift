import CLIPCore
import CLIPImage
import CLIPPipeline
import CLIPTorch

let photos = CommandLine.arguments[1]
let categories = try CategoryFile(contentsOf: CommandLine.arguments[2])
let bundle = try ModelBundle(path: ModelLibrary.path(of: "default"))

// Embed the photos once.
let store = MemoryStore(model: bundle.model)
let summary = try await EmbeddingRun(
    source: FolderSource(path: photos),
    decoder: ImageFileDecoder(),
    encoder: bundle.imageEncoder(),
    writer: store
).run()
print("\(summary.embedded) embedded, \(summary.failed) failed")

// Decide as often as you like.
let bank = try await PromptBank(categories, embedder: bundle.textEmbedder())
let classifier = try Classifier(categories, bank: bank, model: bundle.model)
let images = store.block
let decisions = try classifier.classify(images.embeddings)
for (image, id) in images.ids.enumerated() {
    let names = decisions.matches(image: image).map { categories.categories[$0].name }
    print("\(id): \(names.isEmpty ? "none" : names.joined(separator: ", "))")
}
