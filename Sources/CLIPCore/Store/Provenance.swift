/// Where the vectors of a store come from: what must agree before they are compared with anything.
public struct Provenance: Sendable, Hashable {
    /// The model's name, for people.
    public let modelName: String
    /// The model's identity; see ``ModelDescription/identity``.
    public let modelIdentity: String
    /// Length of the vectors.
    public let dimension: Int
    /// How images were prepared, for people.
    public let preprocessing: String
    /// Version of this library that wrote the store.
    public let libraryVersion: String

    /// Creates a provenance from its parts.
    public init(modelName: String, modelIdentity: String, dimension: Int, preprocessing: String, libraryVersion: String)
    {
        self.modelName = modelName
        self.modelIdentity = modelIdentity
        self.dimension = dimension
        self.preprocessing = preprocessing
        self.libraryVersion = libraryVersion
    }

    /// The provenance of vectors that a model makes now, with this version of the library.
    ///
    /// - Parameters:
    ///   - model: The model.
    ///   - decoder: What decodes the images; its ``ImageDecoder/postprocessing`` is recorded with the model's preprocessing.
    ///     `nil` where the images are not known, as for vectors that are imported.
    public init(_ model: ModelDescription, decoder: (any ImageDecoder)? = nil) {
        self.init(
            modelName: model.name,
            modelIdentity: model.identity,
            dimension: model.embeddingDimension,
            preprocessing: [model.preprocessing.description, decoder?.postprocessing].compactMap(\.self).joined(
                separator: ", "
            ),
            libraryVersion: LibraryVersion.current
        )
    }

    /// Refuses vectors from another model.
    ///
    /// - Parameters:
    ///   - model: The model that is to be used with the vectors.
    ///   - store: What the error message calls the store.
    /// - Throws: ``CLIPError`` with code `modelMismatch` that shows both models.
    package func requireModel(_ model: ModelDescription, store: String) throws {
        guard modelIdentity != model.identity else { return }
        throw CLIPError(
            .modelMismatch,
            "\(store) was made with the model \(modelName) (sha256 \(modelIdentity.prefix(12))…), not with "
                + "\(model.name) (sha256 \(model.identity.prefix(12))…). Use the model it was made with, or embed again."
        )
    }
}
