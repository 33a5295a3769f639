/// An image that could not be embedded, and the reason.
public struct FailedImage: Sendable, Hashable {
    /// The image's id.
    public let id: String
    /// The stage that failed.
    public let stage: RunStage
    /// The reason, in words.
    public let reason: String
    /// The size of its file in bytes, or `nil` if unknown.
    package let byteCount: Int?

    /// Whether a vector stored under its id is kept.
    ///
    /// This is the case if the image itself was not examined: it could not be read this time, it is missing and the run
    /// does not prune, or an earlier image has the same id.
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
