/// The version of this library.
package enum LibraryVersion {
    /// For example `0.1.0` (semantic versioning).
    package static let current = "0.1.0"
}
