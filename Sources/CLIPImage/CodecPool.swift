internal import CLIPCore
internal import Synchronization

/// The reusable state for decoding one image, besides the image's own memory.
// Used by one call at a time: the pool lends it out exclusively.
final class Codec: @unchecked Sendable {
    let jpeg: JPEGDecompressor
    /// The image as stored, before it is rotated upright.
    var stored = PixelImage()

    init() throws(CLIPError) {
        jpeg = try JPEGDecompressor()
    }
}

/// Idle codecs, kept for the next image.
final class CodecPool: Sendable {
    /// A codec with memory for more pixels than this is not kept: 64 MiB, a 22-megapixel photo.
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
