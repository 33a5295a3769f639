internal import CLIPCore

extension CLIPError {
    /// An error about an image that a collection has twice.
    ///
    /// - Parameters:
    ///   - id: The image.
    ///   - collection: The store's or file's name.
    /// - Returns: The error, which says what to do.
    static func doubledImage(_ id: String, in collection: String) -> CLIPError {
        CLIPError(
            .invalidEmbeddings,
            "\(collection): image '\(id)' occurs twice. Keep the last row of a store with 'clip-cli store compact'; write "
                + "results again with 'clip-cli classify'."
        )
    }
}
