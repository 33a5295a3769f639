internal import CLIPCore

extension PixelImage {
    /// Rotates the image upright.
    ///
    /// - Parameters:
    ///   - orientation: The stored orientation.
    ///   - target: Receives the upright image, in its own memory.
    func turn(by orientation: EXIFOrientation, into target: inout PixelImage) {
        let path = ReadingPath(width: width, height: height, orientation: orientation)
        target.replace(width: path.width, height: path.height, format: format) { pixels, palette in
            path.copy(self.pixels, to: pixels, bytesPerPixel: format.bytesPerPixel)
            _ = palette.update(fromContentsOf: self.palette)
        }
        target.damage = damage
    }
}

/// The position of each rotated pixel in the stored image: `origin + x · columnStep + y · rowStep`, in pixels.
package struct ReadingPath {
    package let width: Int
    package let height: Int
    let origin: Int
    let columnStep: Int
    let rowStep: Int

    package init(width stored: Int, height storedHeight: Int, orientation: EXIFOrientation) {
        let last = stored * storedHeight - 1
        let lastRow = last - (stored - 1)
        (origin, columnStep, rowStep) =
            switch orientation {
            case .upright: (0, 1, stored)
            case .mirrored: (stored - 1, -1, stored)
            case .upsideDown: (last, -1, -stored)
            case .mirroredUpsideDown: (lastRow, 1, -stored)
            case .transposed: (0, stored, 1)
            case .turnedLeft: (lastRow, -stored, 1)
            case .transposedUpsideDown: (last, -stored, -1)
            case .turnedRight: (stored - 1, stored, -1)
            }
        width = orientation.swapsSides ? storedHeight : stored
        height = orientation.swapsSides ? stored : storedHeight
    }

    package func copy(_ source: [UInt8], to target: UnsafeMutableBufferPointer<UInt8>, bytesPerPixel: Int) {
        source.withUnsafeBufferPointer { source in
            switch bytesPerPixel {
            case 1: copy(source, target, 1)
            case 2: copy(source, target, 2)
            case 3: copy(source, target, 3)
            default: copy(source, target, 4)
            }
        }
    }

    /// Copies square tiles, so that columns are read while their rows are still in the CPU cache.
    ///
    /// Inlined with a constant pixel size.
    @inline(__always)
    private func copy(_ source: UnsafeBufferPointer<UInt8>, _ target: UnsafeMutableBufferPointer<UInt8>, _ size: Int) {
        let tile = 32
        for top in stride(from: 0, to: height, by: tile) {
            for left in stride(from: 0, to: width, by: tile) {
                for y in top..<min(top + tile, height) {
                    for x in left..<min(left + tile, width) {
                        let from = (origin &+ x &* columnStep &+ y &* rowStep) &* size
                        let to = (y &* width &+ x) &* size
                        for byte in 0..<size {
                            target[to &+ byte] = source[from &+ byte]
                        }
                    }
                }
            }
        }
    }
}
