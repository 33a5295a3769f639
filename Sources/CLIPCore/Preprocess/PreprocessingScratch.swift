/// Memory that preprocessing reuses between images.
///
/// A worker keeps one instance and passes it to ``ImagePreprocessor/preprocess(_:into:using:)`` with each image. It
/// grows to the size that the largest image needs. Weights are reused if the next image has the same size.
package struct PreprocessingScratch: Sendable {
    /// The image with premultiplied colours.
    var premultiplied = PixelPlane()
    /// The visible part of the resized image.
    var window = PixelPlane()
    /// The window with padding.
    var padded = PixelPlane()
    var resampling = ResamplingScratch()

    /// Creates empty scratch memory.
    package init() {}
}

/// Memory for the two passes of a resampler.
struct ResamplingScratch {
    var horizontal = ResamplingWeights()
    var vertical = ResamplingWeights()
    /// The result of the first pass.
    var intermediate = PixelPlane()
    /// One row of the image.
    var row: [UInt8] = []
    /// The sums of one row.
    var sums: [Int32] = []

    /// Computes the weights for resizing an image of a given size.
    mutating func prepare(
        width: Int,
        height: Int,
        _ geometry: ResizeGeometry,
        _ interpolation: PreprocessingSpec.Interpolation
    ) {
        horizontal.prepare(
            .init(width, geometry.resizedWidth, window: geometry.columns.range, interpolation: interpolation)
        )
        vertical.prepare(
            .init(height, geometry.resizedHeight, window: geometry.rows.range, interpolation: interpolation)
        )
    }
}
