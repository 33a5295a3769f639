/// How the vectors of a store were made.
///
/// Only vectors with matching provenance can be compared.
public struct Provenance: Sendable, Hashable {
    /// The model's display name.
    public let modelName: String
    /// The model's identity; see ``ModelDescription/identity``.
    public let modelIdentity: String
    /// The length of the vectors.
    public let dimension: Int
    /// How images were preprocessed, in words.
    public let preprocessing: String
    /// The number format in which the image encoder computed, for example `int8`; `nil` if it is not known, as in
    /// stores of earlier versions.
    public let precision: String?
    /// The library that ran the image encoder, as a bundle names it, for example `openvino`; `nil` if it is not known,
    /// as in stores of earlier versions.
    package let engine: String?
    /// The version of this library that wrote the store.
    public let libraryVersion: String

    /// Creates a provenance from its components.
    package init(
        modelName: String,
        modelIdentity: String,
        dimension: Int,
        preprocessing: String,
        precision: String?,
        engine: String?,
        libraryVersion: String
    ) {
        self.modelName = modelName
        self.modelIdentity = modelIdentity
        self.dimension = dimension
        self.preprocessing = preprocessing
        self.precision = precision
        self.engine = engine
        self.libraryVersion = libraryVersion
    }

    /// The provenance of vectors that a model produces with this version of the library.
    ///
    /// - Parameters:
    ///   - model: The model.
    ///   - decoder: Decodes the images; its ``ImageDecoder/postprocessing`` is recorded with the model's preprocessing.
    ///     `nil` if the images are unknown, as for imported vectors.
    public init(_ model: ModelDescription, decoder: (any ImageDecoder)? = nil) {
        self.init(
            modelName: model.name,
            modelIdentity: model.identity,
            dimension: model.embeddingDimension,
            preprocessing: [model.preprocessing.description, decoder?.postprocessing].compactMap(\.self).joined(
                separator: ", "
            ),
            precision: model.precision,
            engine: model.engine,
            libraryVersion: LibraryVersion.current
        )
    }

    /// Checks that vectors belong to a model.
    ///
    /// - Parameters:
    ///   - model: The model to use with the vectors.
    ///   - store: The store's name in the error message.
    /// - Throws: ``CLIPError`` with code `modelMismatch` that names both models.
    package func requireModel(_ model: ModelDescription, store: String) throws {
        try requireModel(name: model.name, identity: model.identity, store: store)
    }

    /// Does the same for a model of which only name and identity are known.
    package func requireModel(name: String, identity: String, store: String) throws {
        guard modelIdentity != identity else { return }
        throw CLIPError(
            .modelMismatch,
            "\(store) was made with the model \(modelName) (sha256 \(modelIdentity.prefix(12))…), not with "
                + "\(name) (sha256 \(identity.prefix(12))…). Use that model, or embed the images again."
        )
    }
}
