import CLIPCore
import CLIPImage
import CLIPPipeline
import CLIPTorch

let bundle = try ModelBundle(named: "default")
let embedder = ImageEmbedder(decoder: ImageFileDecoder(), encoder: try bundle.imageEncoder())
let photos = try await embedder.embed(FolderSource(path: CommandLine.arguments[1]))
print("\(photos.count) embedded, \(photos.failures.count) failed")

let categories = try CategoryFile(contentsOf: CommandLine.arguments[2])
let classifier = try await Classifier(categories, embedder: bundle.textEmbedder())
for image in try await classifier.classify(photos) {
    print("\(image.id): \(image.matches.map(\.name))")
}
