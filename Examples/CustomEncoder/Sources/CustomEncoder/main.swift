import CLIPArrow
import CLIPCore
import CLIPImage
import CLIPPipeline
import CLIPSearch

let photos = FolderSource(path: CommandLine.arguments[1])
let folder = CommandLine.arguments[2]
let encoder = ColorImageEncoder()
let decoder = ImageFileDecoder()

// Embed a folder of images into a Parquet store.
let writer = try ParquetStoreWriter(path: folder, provenance: Provenance(encoder.model, decoder: decoder))
let summary = try await EmbeddingRun(source: photos, decoder: decoder, encoder: encoder, writer: writer).run()
print("\(summary.embedded) embedded, \(summary.failed) failed")

// Search it.
let embedder = TextEmbedder(tokenizer: ColorTokenizer(), encoder: ColorTextEncoder())
let search = try await TopKSearch(texts: ["a red thing", "black"], embedder: embedder, k: 1)
for hits in try search.run(ParquetStore(path: folder)) {
    print(hits.map(\.id))
}
