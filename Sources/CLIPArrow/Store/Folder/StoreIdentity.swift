internal import CLIPCore

/// The properties that all vectors of a store share.
struct StoreIdentity {
    let provenance: Provenance
    let schema: StoreSchema

    /// Reads the properties from the first part of a store.
    ///
    /// - Throws: `CLIPError` with code `corruptData`.
    init(_ file: ParquetFileReader) throws {
        provenance = try Provenance(file)
        schema = try StoreSchema(file)
        guard schema.dimension == provenance.dimension else {
            throw CLIPError(
                .corruptData,
                "\(file.path): vectors have \(schema.dimension) values; the metadata says \(provenance.dimension)."
            )
        }
    }

    init(provenance: Provenance, schema: StoreSchema) {
        self.provenance = provenance
        self.schema = schema
    }

    /// Throws if new vectors have other properties.
    ///
    /// - Throws: `CLIPError` with code `modelMismatch` that shows both values of each difference.
    func requireSame(_ new: StoreIdentity, folder: String) throws {
        func list(_ columns: [SourceColumn]) -> String {
            columns.isEmpty ? "none" : columns.map { "\($0.name) (\($0.kind.rawValue))" }.joined(separator: ", ")
        }
        func model(_ provenance: Provenance) -> String {
            "\(provenance.modelName) (sha256 \(provenance.modelIdentity.prefix(12))…)"
        }
        let properties = [
            ("model", model(provenance), model(new.provenance)),
            ("dimension", String(schema.dimension), String(new.schema.dimension)),
            ("preprocessing", provenance.preprocessing, new.provenance.preprocessing),
            ("element type", schema.elementType.rawValue, new.schema.elementType.rawValue),
            ("source columns", list(schema.columns), list(new.schema.columns)),
        ]
        // Stores of earlier versions and imported vectors do not say how they were computed.
        let known = [
            ("engine", provenance.engine, new.provenance.engine),
            ("precision", provenance.precision, new.provenance.precision),
        ].compactMap { name, old, new in old.flatMap { old in new.map { (name, old, $0) } } }
        let differences = (properties + known).filter { $0.1 != $0.2 }.map { "\($0.0): store \($0.1), now \($0.2)" }
        guard !differences.isEmpty || provenance.modelIdentity != new.provenance.modelIdentity else { return }
        throw CLIPError(
            .modelMismatch,
            "\(folder) holds embeddings with other settings (\(differences.joined(separator: "; "))). "
                + "Use the same model and options, or choose another folder."
        )
    }

    /// Throws if parts have different models or settings.
    ///
    /// - Throws: `CLIPError` with code `modelMismatch` that names both.
    func requireReadableWith(_ other: StoreIdentity, paths: (String, String)) throws {
        guard provenance.modelIdentity != other.provenance.modelIdentity || schema.dimension != other.schema.dimension
        else {
            return
        }
        throw CLIPError(
            .modelMismatch,
            "\(paths.0) and \(paths.1) come from different models: \(provenance.modelName) and "
                + "\(other.provenance.modelName)."
        )
    }
}
