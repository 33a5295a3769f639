internal import CLIPCore
internal import Synchronization

/// What decoding one image needs besides the image's own memory.
// Used by one call at a time: the pool hands it to one and gets it back.
final class Codec: @unchecked Sendable {
    let jpeg: JPEGDecompressor
    /// An image before it is turned upright.
    var stored = PixelImage()

    init() throws(CLIPError) {
        jpeg = try JPEGDecompressor()
    }
}

/// Codecs that are not in use, kept for the next image.
final class CodecPool: Sendable {
    /// A codec with memory for more pixels than this is not kept: 64 MiB, a photo of 22 megapixels.
    private static let keptBytes = 64 << 20

    private let idle = Mutex<[Codec]>([])

    func take() throws(CLIPError) -> Codec {
        if let codec = idle.withLock({ $0.popLast() }) { return codec }
        return try Codec()
    }

    func put(_ codec: Codec) {
        guard codec.stored.pixels.capacity <= Self.keptBytes else { return }
        idle.withLock { $0.append(codec) }
    }
}
