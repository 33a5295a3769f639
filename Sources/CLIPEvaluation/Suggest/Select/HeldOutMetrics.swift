/// Precision, recall and F1 on held-out images, 0…1.
package struct HeldOutMetrics: Sendable, Hashable {
    /// The fraction of matching images that belong to the category.
    package internal(set) var precision = 0.0
    /// The fraction of images belonging to the category that match.
    package internal(set) var recall = 0.0
    /// The harmonic mean of precision and recall.
    package internal(set) var f1 = 0.0
}
