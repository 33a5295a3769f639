internal import ArgumentParser
internal import CLIPArrow
internal import CLIPCore

struct StoreExportCommand: ParsableCommand, OutputWriting {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Export a store in clip-retrieval's layout.",
        discussion: """
            Writes the vectors as float16 to img_emb/img_emb_N.npy, and the ids (as image_path) and table columns to metadata/metadata_N.parquet.

            That layout does not record the model. Note the model's name: whoever uses the vectors needs it.
            """
    )

    @OptionGroup var store: StoreArgument

    @Option(help: ArgumentHelp("Output folder for img_emb and metadata; must not be a store.", valueName: "dir"))
    var output: String

    var outputs: [Output] { [.newFolder("--output", output)] }
    var inputs: [String?] { [store.embeddings] }

    func run() throws {
        let embeddings = try ParquetStore(path: store.embeddings, includesOrigins: true)
        embeddings.warnIfIncomplete()
        try ClipRetrievalWriter(path: output, columns: embeddings.columns).write(embeddings)
        let provenance = embeddings.provenance
        try Terminal.print(Text.printable("model  \(provenance.modelName) (sha256 \(provenance.modelIdentity))"))
        try Terminal.print(
            Text.printable("\(Text.count(embeddings.count, "image")), dimension \(provenance.dimension): \(output)")
        )
    }
}
