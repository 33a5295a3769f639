/// A stage of processing an image, for timing and failures.
public enum RunStage: String, Sendable, Hashable, CaseIterable {
    /// Finding the image and reading its bytes; an image with a duplicate id also fails here.
    case read
    /// Decoding the bytes to pixels.
    case decode
    /// Resizing and cropping.
    case preprocess
    /// Running the model.
    case encode
    /// Storing the vector; a failure here ends the run.
    case write
    /// Checking size limits during reading or decoding; it has no timing of its own.
    case limit
}
