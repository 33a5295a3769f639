/// An image that could not be embedded, and why.
public struct FailedImage: Sendable, Hashable {
    /// Where on its way an image failed.
    public enum Stage: String, Sendable, Hashable, CaseIterable {
        /// Its bytes could not be read, or its id was taken already.
        case read
        /// Its bytes are not an image, or a damaged one.
        case decode
        /// It is larger than the limits allow.
        case limit
        /// Its pixels could not be brought into the model's format.
        case preprocess
        /// The model gave it no usable vector.
        case encode
    }

    /// The image's id.
    public let id: String
    /// Where it failed.
    public let stage: Stage
    /// Why, for a person.
    public let reason: String
    /// Size of its file in bytes, `nil` where it is not known.
    public let byteCount: Int?

    /// Whether a vector that is stored under its id stays.
    ///
    /// So it is when the image itself was not seen: it could not be read just now, it is gone and the run does not prune,
    /// or its id is that of an image before it.
    public let keepsVector: Bool

    /// Creates a record of a failed image.
    public init(id: String, stage: Stage, reason: String, byteCount: Int? = nil, keepsVector: Bool = false) {
        self.id = id
        self.stage = stage
        self.reason = reason
        self.byteCount = byteCount
        self.keepsVector = keepsVector
    }
}
