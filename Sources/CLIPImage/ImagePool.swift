internal import CLIPCore
internal import Synchronization

/// Memory for images as stored, before they are rotated upright.
final class ImagePool: Sendable {
    /// Memory for more pixels than this is not kept: 64 MiB, a 22-megapixel photo.
    private static let keptBytes = 64 << 20

    private let idle = Mutex<[PixelImage]>([])

    func take() -> PixelImage {
        idle.withLock { $0.popLast() } ?? PixelImage()
    }

    func put(_ image: PixelImage) {
        guard image.pixels.capacity <= Self.keptBytes else { return }
        idle.withLock { $0.append(image) }
    }
}
