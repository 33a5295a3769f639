/// The bytes of an image, or of a window of one, in some pixel format; passed between preprocessing steps.
struct PixelPlane {
    private(set) var width = 0
    private(set) var height = 0
    private(set) var bytesPerPixel = 0
    var bytes: [UInt8] = []

    var rowBytes: Int { width * bytesPerPixel }

    /// Wraps the pixels of an image, sharing its memory.
    init(_ image: PixelImage) {
        width = image.width
        height = image.height
        bytesPerPixel = image.format.bytesPerPixel
        bytes = image.pixels
    }

    /// Creates an empty plane.
    init() {}

    /// Resizes the plane, reusing its memory if that is large enough; the bytes are unspecified.
    mutating func reshape(width: Int, height: Int, bytesPerPixel: Int) {
        self.width = width
        self.height = height
        self.bytesPerPixel = bytesPerPixel
        bytes.resize(to: width * height * bytesPerPixel)
    }

    /// Copies another plane into this plane's own memory.
    mutating func copy(_ other: PixelPlane) {
        reshape(width: other.width, height: other.height, bytesPerPixel: other.bytesPerPixel)
        bytes.withUnsafeMutableBytes { target in
            other.bytes.withUnsafeBytes { target.copyMemory(from: $0) }
        }
    }
}
