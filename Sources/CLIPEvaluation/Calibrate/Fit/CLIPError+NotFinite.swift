internal import CLIPCore

extension CLIPError {
    /// A score that is not a number.
    static func notFinite(id: String, category: String) -> CLIPError {
        CLIPError(
            .invalidEmbeddings,
            "The score of '\(id)' for category '\(category)', or one of its components, is not finite."
        )
    }
}
