import CLIPArrow
import CLIPCore
import CLIPImage
import CLIPPipeline
import CLIPSearch

let (photos, folder) = (CommandLine.arguments[1], CommandLine.arguments[2])
let encoder = ColorImageEncoder()
let decoder = ImageFileDecoder()

// Embed a folder of images into a Parquet store.
let summary = try await EmbeddingRun(
    source: FolderSource(path: photos),
    decoder: decoder,
    encoder: encoder,
    writer: ParquetStoreWriter(path: folder, provenance: Provenance(encoder.model, decoder: decoder))
).run()
print("\(summary.embedded) embedded, \(summary.failed) failed")

// Search it.
let store = try ParquetStore(path: folder)
let embedder = TextEmbedder(tokenizer: ColorTokenizer(), encoder: ColorTextEncoder())
let search = try await TopKSearch(texts: ["a red thing", "black"], embedder: embedder, k: 1)
for hits in try search.run(store) {
    print(hits.map(\.id))
}
