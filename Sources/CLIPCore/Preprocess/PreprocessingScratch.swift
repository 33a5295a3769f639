/// Memory that preprocessing uses again from one image to the next.
///
/// A worker keeps one and hands it to ``ImagePreprocessor/preprocess(_:into:using:)`` with each image. It grows to what
/// the largest image needs; the weights of a size are kept for a next image of the same size.
package struct PreprocessingScratch: Sendable {
    /// The image with colours multiplied by alpha.
    var premultiplied = PixelPlane()
    /// The part of the resized image that is kept.
    var window = PixelPlane()
    /// The window with padding around it.
    var padded = PixelPlane()
    var resampling = ResamplingScratch()

    /// Creates scratch memory that is empty.
    package init() {}
}

/// What the two passes of a resampler need besides the image.
struct ResamplingScratch {
    var horizontal = ResamplingWeights()
    var vertical = ResamplingWeights()
    /// The result of the first pass.
    var intermediate = PixelPlane()
    /// One row of the image.
    var row: [UInt8] = []
    /// Sums of one row.
    var sums: [Int32] = []

    /// Computes the weights that resizing an image of a size needs.
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
