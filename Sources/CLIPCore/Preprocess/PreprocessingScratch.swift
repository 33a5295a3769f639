internal import Synchronization

/// Memory for the intermediate results of preprocessing one image.
///
/// It grows to the size that the largest image needs. Weights are reused if the next image has the same size.
// Used by one call at a time: the pool lends it out exclusively.
final class PreprocessingScratch: @unchecked Sendable {
    /// The image in RGB, for models that need it before resizing.
    var converted = PixelPlane()
    /// The image with premultiplied colours.
    var premultiplied = PixelPlane()
    /// The visible part of the resized image.
    var window = PixelPlane()
    /// The window with padding.
    var padded = PixelPlane()
    var resampling = ResamplingScratch()
}

/// Idle scratch memory, kept for the next image.
final class ScratchPool: Sendable {
    /// Scratch memory with more bytes than this for one plane is not kept: 64 MiB, a 16-megapixel image with alpha.
    private static let keptBytes = 64 << 20

    private let idle = Mutex<[PreprocessingScratch]>([])

    func take() -> PreprocessingScratch {
        idle.withLock { $0.popLast() } ?? PreprocessingScratch()
    }

    func put(_ scratch: PreprocessingScratch) {
        let largest = max(
            scratch.converted.bytes.capacity,
            scratch.premultiplied.bytes.capacity,
            scratch.resampling.intermediate.bytes.capacity
        )
        guard largest <= Self.keptBytes else { return }
        idle.withLock { $0.append(scratch) }
    }
}

/// Memory for the two passes of a resampler.
struct ResamplingScratch {
    var horizontal = ResamplingWeights()
    var vertical = ResamplingWeights()
    /// The result of the first pass.
    var intermediate = PixelPlane()

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
