/// A part of the work on an image: where a run spends its time, and where an image fails.
public enum RunStage: String, Sendable, Hashable, CaseIterable {
    /// Finding it and getting the bytes of its file; an image whose id is taken already fails here.
    case read
    /// Turning them into pixels.
    case decode
    /// Scaling and cropping.
    case preprocess
    /// Running the model.
    case encode
    /// Storing the vector; what fails here ends the run.
    case write
    /// Comparing the image with the limits for sizes, while it is read or decoded; it takes no time of its own.
    case limit
}
