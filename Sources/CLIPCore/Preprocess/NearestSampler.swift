/// Resizes images by taking the nearest pixel, exactly as Pillow does (`ImagingScaleAffine`).
///
/// Pillow resizes palette and 1-bit images so, whatever filter is asked for: their values cannot be averaged.
struct NearestSampler {
    let geometry: ResizeGeometry

    /// The window of the resized image.
    func resample(_ image: PixelPlane) -> PixelPlane {
        let columns = positions(image.width, geometry.resizedWidth, geometry.columns)
        let rows = positions(image.height, geometry.resizedHeight, geometry.rows)
        let size = image.bytesPerPixel
        var bytes = [UInt8]()
        bytes.reserveCapacity(rows.count * columns.count * size)
        for y in rows {
            for x in columns {
                let start = (y * image.width + x) * size
                bytes += image.bytes[start..<start + size]
            }
        }
        return PixelPlane(width: columns.count, height: rows.count, bytesPerPixel: size, bytes: bytes)
    }

    /// Input positions, by adding up steps as Pillow does: a product would round differently.
    private func positions(_ input: Int, _ output: Int, _ window: ResizeGeometry.Window) -> [Int] {
        let step = Double(input) / Double(output)
        var position = step * 0.5
        for _ in 0..<window.source { position += step }
        return (0..<window.count).map { _ in
            defer { position += step }
            return min(Int(position), input - 1)
        }
    }
}
