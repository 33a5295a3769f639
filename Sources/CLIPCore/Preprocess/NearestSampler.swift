/// Resizes images by taking the nearest pixel, exactly as Pillow does (`ImagingScaleAffine`).
///
/// Pillow resizes palette and 1-bit images so, whatever filter is asked for: their values cannot be averaged.
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

    /// Input positions, by adding up steps as Pillow does: a product would round differently.
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
