internal import CLIPCore

extension PixelImage {
    /// The image turned upright.
    func turned(by orientation: EXIFOrientation) -> PixelImage {
        guard orientation != .upright else { return self }
        let path = ReadingPath(width: width, height: height, orientation: orientation)
        return PixelImage(
            width: path.swapsSides ? height : width,
            height: path.swapsSides ? width : height,
            format: format,
            pixels: path.pixels(from: pixels, bytesPerPixel: format.bytesPerPixel),
            palette: palette
        )
    }
}

/// Where the pixels of a turned image are in the stored one: at `origin + x · columnStep + y · rowStep`, in pixels.
private struct ReadingPath {
    let width: Int
    let height: Int
    let swapsSides: Bool
    let origin: Int
    let columnStep: Int
    let rowStep: Int

    init(width stored: Int, height storedHeight: Int, orientation: EXIFOrientation) {
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
        swapsSides = orientation.rawValue >= EXIFOrientation.transposed.rawValue
        width = swapsSides ? storedHeight : stored
        height = swapsSides ? stored : storedHeight
    }

    func pixels(from source: [UInt8], bytesPerPixel: Int) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: source.count) { target, count in
            source.withUnsafeBufferPointer { source in
                switch bytesPerPixel {
                case 1: copy(source, target, 1)
                case 2: copy(source, target, 2)
                case 3: copy(source, target, 3)
                default: copy(source, target, 4)
                }
            }
            count = source.count
        }
    }

    /// Copies in square tiles, so that columns are read while their rows are still in the processor's cache.
    ///
    /// Inlined with a constant size of a pixel.
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
