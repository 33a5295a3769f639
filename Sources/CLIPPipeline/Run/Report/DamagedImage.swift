/// An image that was embedded although its file was damaged.
package struct DamagedImage: Sendable, Hashable {
    /// The image's id.
    package let id: String
    /// What is wrong with the file, in words.
    package let reason: String
}
