/// Bytes of an image, or of a window of one, in some pixel format: what the steps of preprocessing hand on.
struct PixelPlane {
    let width: Int
    let height: Int
    let bytesPerPixel: Int
    var bytes: [UInt8]

    var rowBytes: Int { width * bytesPerPixel }
}
