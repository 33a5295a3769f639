internal import ArgumentParser
internal import CLIPArrow
internal import CLIPCore
internal import CLIPDatabase

struct StoreExportCommand: ParsableCommand, OutputWriting {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Export a store in clip-retrieval's layout, or into a table of a database.",
        discussion: """
            With --output, writes the vectors as float16 to img_emb/img_emb_N.npy, and the ids (as image_path) and table columns to metadata/metadata_N.parquet.

            With --database, writes the columns id, embedding and the table columns in one transaction. A vector is vector(N) where PostgreSQL has pgvector, otherwise real[]; in SQLite it is a BLOB of little-endian 32-bit floats.

            Files do not record the model; a table does, in its comment (in SQLite, in its definition). Note the model's name: whoever uses the vectors needs it.
            """
    )

    @OptionGroup var store: StoreArgument

    @Option(help: ArgumentHelp("Output folder for img_emb and metadata; must not be a store.", valueName: "dir"))
    var output: String?

    @Option(help: ArgumentHelp("Database for the vectors: \(DatabaseArgument.help).", valueName: "url"))
    var database: String?

    @OptionGroup var table: TableOutput

    @Option(help: ArgumentHelp("Columns of the store to export (default: all).", valueName: "a,b,c"))
    var keepColumns: String?

    var outputs: [Output] { [.newFolder("--output", output)] }
    var inputs: [String?] { [store.embeddings] }

    func validate() throws {
        guard (output == nil) != (database == nil) else {
            throw ValidationError("Pass either --output, or --database and --table.")
        }
        try table.check(database, option: "--database")
    }

    func run() throws {
        let names = keepColumns.map { $0.split(separator: ",").map(String.init) }
        // Without columns, the parts' own do not matter.
        let readsColumns = names?.isEmpty != true
        let embeddings = try ParquetStore(path: store.embeddings, includesOrigins: readsColumns)
        embeddings.warnIfIncomplete()
        if readsColumns { try embeddings.requireSameColumns() }
        let kept = try KeptColumns(
            names,
            of: embeddings,
            columns: embeddings.columns,
            others: embeddings.otherColumns
        )
        if let database, let name = table.table {
            try DatabaseArgument.database(database, driver: table.driver.databaseDriver)
                .write(kept, columns: kept.columns, table: name, existing: table.ifExists.value)
        } else if let output {
            try ClipRetrievalWriter(path: output, columns: kept.columns).write(kept)
        }
        let provenance = embeddings.provenance
        let place = output ?? "table \(table.table ?? "")"
        try Terminal.print(Text.printable("model  \(provenance.modelName) (sha256 \(provenance.modelIdentity))"))
        try Terminal.print(
            Text.printable("\(Text.count(embeddings.count, "image")), dimension \(provenance.dimension): \(place)")
        )
    }
}
