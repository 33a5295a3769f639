/// The version of this library.
public enum LibraryVersion {
    /// For example `0.1.0` (semantic versioning).
    public static let current = "0.1.0"
}
