/// An image that could not be embedded, and why.
public struct FailedImage: Sendable, Hashable {
    /// The image's id.
    public let id: String
    /// Where it failed.
    public let stage: RunStage
    /// Why, for a person.
    public let reason: String
    /// Size of its file in bytes, `nil` where it is not known.
    package let byteCount: Int?

    /// Whether a vector that is stored under its id stays.
    ///
    /// So it is when the image itself was not seen: it could not be read just now, it is gone and the run does not prune,
    /// or its id is that of an image before it.
    public let keepsVector: Bool

    /// Creates a record of a failed image.
    public init(id: String, stage: RunStage, reason: String, byteCount: Int? = nil, keepsVector: Bool = false) {
        self.id = id
        self.stage = stage
        self.reason = reason
        self.byteCount = byteCount
        self.keepsVector = keepsVector
    }
}
