import CLIPArrow
import CLIPCore
import CLIPDatabase
import CLIPImage
import CLIPPipeline
import CLIPTorch

// Classifies the images of a query, and writes the decisions into a table of the same database.
let arguments = CommandLine.arguments
let database = try Database(url: arguments[1])
let images = try database.images(query: arguments[2])

let bundle = try ModelBundle(named: "default")
let store = MemoryStore(model: bundle.model)
let run = EmbeddingRun(
    source: images,
    decoder: ImageFileDecoder(),
    encoder: try bundle.imageEncoder(),
    writer: store
)
let summary = try await run.run()
print("\(summary.embedded) embedded, \(summary.failed) failed")

let categories = try CategoryFile(contentsOf: arguments[3])
let classifier = try await Classifier(categories, embedder: bundle.textEmbedder())
let writer = try DatabaseResultWriter(
    database,
    table: "decisions",
    existing: .upsert,
    classifier: classifier,
    provenance: store.provenance
)
for try await decisions in try classifier.decisions(of: store) { try writer.append(decisions) }
try writer.finish()
