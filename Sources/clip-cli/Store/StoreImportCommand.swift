internal import ArgumentParser
internal import CLIPArrow
internal import CLIPCore
internal import CLIPModels

struct StoreImportCommand: AsyncParsableCommand, OutputWriting {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Import embeddings in clip-retrieval's layout as a store.",
        discussion: """
            Reads img_emb/img_emb_N.npy and metadata/metadata_N.parquet.

            That layout does not record the model, and only the dimension can be checked. Make sure that --model is the model that made the vectors: with any other model, all scores are meaningless.
            """
    )

    @Argument(help: ArgumentHelp("Folder with img_emb and metadata.", valueName: "dir"))
    var folder: String

    @Option(help: ArgumentHelp("Folder of the new store.", valueName: "dir"))
    var output: String

    @Option(
        help: ArgumentHelp(
            "Model that made the vectors: a bundle's folder, or the name of an installed model.",
            valueName: "bundle"
        )
    )
    var model: String

    @Option(help: ArgumentHelp("Metadata column that holds the ids: text or integers.", valueName: "name"))
    var idColumn = "image_path"

    @Option(help: ArgumentHelp("Metadata columns to keep in the store (default: all).", valueName: "a,b,c"))
    var keepColumns: String?

    @Flag(help: "Store vectors as float16 instead of float32: half the size.")
    var float16 = false

    var outputs: [Output] { [.newFolder("--output", output)] }
    var inputs: [String?] { [folder, ModelLibrary.path(of: model)] }

    func run() async throws {
        let bundle = try ModelBundle(named: model)
        let embeddings = try ClipRetrievalStore(
            path: folder,
            provenance: Provenance(bundle.model),
            idColumn: idColumn,
            carriedColumns: keepColumns.map { $0.split(separator: ",").map(String.init) }
        )
        let writer = try ParquetStoreWriter(
            path: output,
            provenance: embeddings.provenance,
            columns: embeddings.columns,
            options: ParquetStoreWriter.Options(elementType: float16 ? .float16 : .float32)
        )
        guard try await writer.storedImages().count == 0 else {
            throw CLIPError(.storage, "\(output) is already a store. Choose another folder, or remove it first.")
        }
        let count = try await writer.importEmbeddings(from: embeddings)
        try await writer.finish(.complete)
        try Terminal.print(Text.printable("model  \(bundle.model.name) (sha256 \(bundle.model.identity))"))
        try Terminal.print(
            Text.printable("\(Text.count(count, "image")), dimension \(embeddings.provenance.dimension): \(output)")
        )
    }
}
