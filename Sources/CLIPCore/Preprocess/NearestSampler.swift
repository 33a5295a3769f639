/// Resizes images with nearest-neighbour sampling, exactly as Pillow does (`ImagingScaleAffine`).
///
/// Pillow uses this for palette and 1-bit images whatever the filter, because their values cannot be averaged.
struct NearestSampler {
    let geometry: ResizeGeometry

    /// Computes the window of the resized image.
    func resample(_ image: PixelPlane, into window: inout PixelPlane) {
        let size = image.bytesPerPixel
        window.reshape(width: geometry.columns.count, height: geometry.rows.count, bytesPerPixel: size)
        var target = 0
        Self.forEachPosition(image.height, geometry.resizedHeight, geometry.rows) { y in
            Self.forEachPosition(image.width, geometry.resizedWidth, geometry.columns) { x in
                let start = (y * image.width + x) * size
                for byte in 0..<size { window.bytes[target + byte] = image.bytes[start + byte] }
                target += size
            }
        }
    }

    /// Input positions, accumulated step by step as in Pillow; multiplication would round differently.
    private static func forEachPosition(
        _ input: Int,
        _ output: Int,
        _ window: ResizeGeometry.Window,
        _ body: (Int) -> Void
    ) {
        let step = Double(input) / Double(output)
        var position = step * 0.5
        for _ in 0..<window.source { position += step }
        for _ in 0..<window.count {
            body(min(Int(position), input - 1))
            position += step
        }
    }
}
