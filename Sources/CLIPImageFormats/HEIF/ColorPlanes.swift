internal import CLIPCore
internal import CLIPImage

/// The samples of a YCbCr or monochrome image, with the colours that they mean.
///
/// Samples of up to 8 bits have one byte, others two, little-endian. Rows have no padding.
struct ColorPlanes {
    private(set) var width: Int
    private(set) var height: Int
    let depth: Int
    /// Whether there are no chroma planes.
    let isMonochrome: Bool
    /// 1 where chroma has half the columns or rows, rounded up.
    private(set) var shiftX: Int
    private(set) var shiftY: Int
    var color = HEIFColor()
    /// What is wrong with the image data, if it was decoded as far as it goes.
    var damage: String?
    /// Luma, and two of chroma unless the image is monochrome.
    private(set) var planes: [[UInt8]] = []

    /// Zeros, with the layout ``HEVCConfiguration/chroma``.
    init(width: Int, height: Int, depth: Int, chroma: Int) {
        self.width = width
        self.height = height
        self.depth = depth
        isMonochrome = chroma == 0
        shiftX = chroma == 1 || chroma == 2 ? 1 : 0
        shiftY = chroma == 1 ? 1 : 0
        for plane in 0..<(isMonochrome ? 1 : 3) {
            let size = size(of: plane)
            planes.append([UInt8](repeating: 0, count: size.width * size.height * bytesPerSample))
        }
    }

    var bytesPerSample: Int { depth > 8 ? 2 : 1 }

    /// The columns and rows of a plane.
    func size(of plane: Int) -> (width: Int, height: Int) {
        plane == 0 ? (width, height) : ((width + shiftX) >> shiftX, (height + shiftY) >> shiftY)
    }

    /// Copies rows of samples to a place of a plane; what lies beyond its borders is left out.
    ///
    /// There are `height` rows of `width` samples, with `stride` bytes from one to the next.
    mutating func paste(
        _ rows: UnsafeRawPointer,
        stride: Int,
        width: Int,
        height: Int,
        into plane: Int,
        x: Int,
        y: Int
    ) {
        let size = size(of: plane)
        let bytes = bytesPerSample
        guard x < size.width, y < size.height else { return }
        let length = min(width, size.width - x) * bytes
        planes[plane].withUnsafeMutableBytes { target in
            for row in 0..<min(height, size.height - y) {
                let start = ((y + row) * size.width + x) * bytes
                UnsafeMutableRawBufferPointer(rebasing: target[start..<start + length])
                    .copyMemory(from: UnsafeRawBufferPointer(start: rows + row * stride, count: length))
            }
        }
    }

    /// Pastes an image with the same layout, at a column and row of luma.
    mutating func paste(_ tile: ColorPlanes, x: Int, y: Int) {
        for plane in tile.planes.indices {
            let size = tile.size(of: plane)
            let (column, row) = plane == 0 ? (x, y) : (x >> shiftX, y >> shiftY)
            tile.planes[plane].withUnsafeBytes { bytes in
                guard let start = bytes.baseAddress else { return }
                let stride = size.width * bytesPerSample
                paste(start, stride: stride, width: size.width, height: size.height, into: plane, x: column, y: row)
            }
        }
    }

    /// Turns, flips or crops the image, with the same result as libheif.
    mutating func apply(_ transformation: HEIFTransformation) throws(CLIPError) {
        if try transformation.needsFullChroma(self) { interpolateChroma() }
        switch transformation {
        case .turn(.upright):
            break
        case .turn(let orientation):
            for plane in planes.indices {
                let size = size(of: plane)
                let path = ReadingPath(width: size.width, height: size.height, orientation: orientation)
                var turned = [UInt8](repeating: 0, count: planes[plane].count)
                turned.withUnsafeMutableBufferPointer { target in
                    path.copy(planes[plane], to: target, bytesPerPixel: bytesPerSample)
                }
                planes[plane] = turned
            }
            if orientation.swapsSides { swap(&width, &height) }
        case .crop(let aperture):
            crop(try aperture.part(of: (width, height)))
        }
    }

    private mutating func crop(_ part: (columns: Range<Int>, rows: Range<Int>)) {
        let whole = self
        width = part.columns.count
        height = part.rows.count
        for plane in planes.indices {
            let (x, y) = plane == 0 ? (0, 0) : (shiftX, shiftY)
            let (left, top) = (part.columns.lowerBound >> x, part.rows.lowerBound >> y)
            let size = size(of: plane)
            let stride = whole.size(of: plane).width * bytesPerSample
            planes[plane] = [UInt8](repeating: 0, count: size.width * size.height * bytesPerSample)
            whole.planes[plane].withUnsafeBytes { bytes in
                guard let start = bytes.baseAddress else { return }
                let rows = start + top * stride + left * bytesPerSample
                paste(rows, stride: stride, width: size.width, height: size.height, into: plane, x: 0, y: 0)
            }
        }
    }

    /// Luma of another size, each sample being the nearest one.
    mutating func scale(width newWidth: Int, height newHeight: Int) {
        let (source, bytes) = (planes[0], bytesPerSample)
        let columns = (0..<newWidth).map { $0 * width / newWidth }
        let scaled = [UInt8](unsafeUninitializedCapacity: newWidth * newHeight * bytes) { target, count in
            for y in 0..<newHeight {
                let row = y * height / newHeight * width
                for column in columns {
                    for byte in 0..<bytes {
                        target[count] = source[(row &+ column) &* bytes &+ byte]
                        count &+= 1
                    }
                }
            }
        }
        planes = [scaled]
        (width, height) = (newWidth, newHeight)
    }

    mutating func setChroma(_ full: [[UInt8]]) {
        planes = [planes[0]] + full
        (shiftX, shiftY) = (0, 0)
    }
}
