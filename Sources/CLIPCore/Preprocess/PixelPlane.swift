/// Bytes of an image, or of a window of one, in some pixel format: what the steps of preprocessing hand on.
struct PixelPlane {
    private(set) var width = 0
    private(set) var height = 0
    private(set) var bytesPerPixel = 0
    var bytes: [UInt8] = []

    var rowBytes: Int { width * bytesPerPixel }

    /// The pixels of an image; shares its memory.
    init(_ image: PixelImage) {
        width = image.width
        height = image.height
        bytesPerPixel = image.format.bytesPerPixel
        bytes = image.pixels
    }

    /// Memory for a plane.
    init() {}

    /// Gives the plane another size, in the memory that it has where that is large enough; the bytes have any values.
    mutating func reshape(width: Int, height: Int, bytesPerPixel: Int) {
        self.width = width
        self.height = height
        self.bytesPerPixel = bytesPerPixel
        bytes.resize(to: width * height * bytesPerPixel)
    }

    /// Makes this a copy of another plane, in memory of its own.
    mutating func copy(_ other: PixelPlane) {
        reshape(width: other.width, height: other.height, bytesPerPixel: other.bytesPerPixel)
        bytes.withUnsafeMutableBytes { target in
            other.bytes.withUnsafeBytes { target.copyMemory(from: $0) }
        }
    }
}
