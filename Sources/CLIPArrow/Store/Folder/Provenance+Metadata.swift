internal import CLIPCore

extension Provenance {
    private enum Key {
        static let modelName = "openclip.model_name"
        static let modelSHA256 = "openclip.model_sha256"
        static let dimension = "openclip.dimension"
        static let normalized = "openclip.normalized"
        static let preprocessing = "openclip.preprocessing"
        static let precision = "openclip.precision"
        static let engine = "openclip.engine"
        static let libraryVersion = "openclip.library_version"
    }

    /// The provenance as key-value metadata of a Parquet file.
    var metadata: [(key: String, value: String)] {
        [
            (Key.modelName, modelName),
            (Key.modelSHA256, modelIdentity),
            (Key.dimension, String(dimension)),
            (Key.normalized, "true"),
            (Key.preprocessing, preprocessing),
            (Key.libraryVersion, libraryVersion),
        ] + [(Key.precision, precision), (Key.engine, engine)].compactMap { key, value in value.map { (key, $0) } }
    }

    /// Whether a Parquet file says that this library wrote it, or a program that writes for it.
    static func isRecorded(in file: ParquetFileReader) -> Bool { file.metadata(Key.modelSHA256) != nil }

    /// Reads the provenance of a Parquet file.
    ///
    /// - Throws: `CLIPError` with code `corruptData` that names the missing key.
    init(_ file: ParquetFileReader) throws {
        try self.init(file.path, metadata: file.metadata)
    }

    /// Reads the provenance of a stream of record batches; `nil` if it has none.
    ///
    /// - Throws: `CLIPError` with code `corruptData` that names the missing key.
    init?(_ stream: StreamReader) throws {
        guard stream.metadata(Key.modelSHA256) != nil else { return nil }
        try self.init(stream.name, metadata: stream.metadata)
    }

    private init(_ name: String, metadata: (String) -> String?) throws {
        func value(_ key: String) throws -> String {
            guard let value = metadata(key) else {
                throw CLIPError(
                    .corruptData,
                    "\(name) is not an embeddings file of this library: its metadata has no '\(key)'."
                )
            }
            return value
        }
        guard let dimension = Int(try value(Key.dimension)), dimension > 0 else {
            throw CLIPError(.corruptData, "\(name): the metadata '\(Key.dimension)' is not a positive number.")
        }
        self.init(
            modelName: try value(Key.modelName),
            modelIdentity: try value(Key.modelSHA256),
            dimension: dimension,
            preprocessing: try value(Key.preprocessing),
            precision: metadata(Key.precision),
            engine: metadata(Key.engine),
            libraryVersion: try value(Key.libraryVersion)
        )
    }
}
