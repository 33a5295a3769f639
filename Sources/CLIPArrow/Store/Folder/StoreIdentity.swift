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
    /// - Throws: `CLIPError` with code `modelMismatch` that shows both values of each difference, followed by `advice`.
    func requireSame(
        _ new: StoreIdentity,
        folder: String,
        advice: String = "Use the same model and options, or choose another folder."
    ) throws {
        func model(_ provenance: Provenance) -> String {
            "\(provenance.modelName) (sha256 \(provenance.modelIdentity.prefix(12))…)"
        }
        let properties = [
            ("model", model(provenance), model(new.provenance)),
            ("dimension", String(schema.dimension), String(new.schema.dimension)),
            ("preprocessing", provenance.preprocessing, new.provenance.preprocessing),
            ("element type", schema.elementType.rawValue, new.schema.elementType.rawValue),
            ("source columns", Self.list(schema.columns), Self.list(new.schema.columns)),
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
            "\(folder) holds embeddings with other settings (\(differences.joined(separator: "; "))). \(advice)"
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

    /// Throws if the values of two parts belong to different columns.
    ///
    /// - Throws: `CLIPError` with code `modelMismatch` that names the parts and their columns.
    func requireSameColumns(_ other: StoreIdentity, paths: (String, String)) throws {
        guard schema.columns != other.schema.columns else { return }
        throw CLIPError(
            .modelMismatch,
            "\(paths.0) and \(paths.1) have different columns: \(Self.list(schema.columns)), and "
                + "\(Self.list(other.schema.columns)). Give all parts the same columns of the same kinds, in the same order."
        )
    }

    /// Throws if a part has columns that a copy of its rows would lose.
    ///
    /// - Throws: `CLIPError` with code `unsupportedFormat` that names the columns, followed by `advice`.
    func requireNoOtherColumns(path: String, advice: String) throws {
        guard !schema.otherColumns.isEmpty else { return }
        throw CLIPError(
            .unsupportedFormat,
            "\(path) has columns of kinds that this library does not read, and rewriting the part would lose them: "
                + "\(schema.otherColumns.joined(separator: ", ")). Convert them to text, 64-bit integers, 64-bit floats or "
                + "booleans\(advice)."
        )
    }

    private static func list(_ columns: [SourceColumn]) -> String {
        columns.isEmpty ? "none" : columns.map { "\($0.name) (\($0.kind.rawValue))" }.joined(separator: ", ")
    }
}
