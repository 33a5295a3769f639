/// Images of one size as an encoder takes them: unsigned 8-bit RGB in NHWC order.
public struct ImageBatch: Sendable, Equatable {
    /// Number of images.
    public private(set) var count: Int
    /// Rows of each image.
    public let height: Int
    /// Columns of each image.
    public let width: Int
    /// `count × height × width × 3` bytes, values 0…255.
    public private(set) var pixels: [UInt8]

    /// Creates an empty batch for images of one size.
    ///
    /// - Parameters:
    ///   - height: Rows of each image.
    ///   - width: Columns of each image.
    ///   - capacity: Number of images to reserve memory for.
    public init(height: Int, width: Int, capacity: Int = 0) {
        precondition(height > 0 && width > 0, "a size is positive")
        self.count = 0
        self.height = height
        self.width = width
        self.pixels = []
        pixels.reserveCapacity(capacity * height * width * 3)
    }

    /// Appends one preprocessed image.
    ///
    /// - Precondition: `image` has `height × width × 3` bytes.
    public mutating func append(_ image: [UInt8]) {
        precondition(image.count == height * width * 3, "an image of the batch has height × width × 3 bytes")
        pixels.append(contentsOf: image)
        count += 1
    }

    /// Appends black images until there are `count`.
    package mutating func pad(to count: Int) {
        precondition(count >= self.count, "a batch is filled up, not cut off")
        pixels.append(contentsOf: repeatElement(0, count: (count - self.count) * height * width * 3))
        self.count = count
    }

    /// Removes all images and keeps the memory.
    package mutating func removeAll() {
        pixels.removeAll(keepingCapacity: true)
        count = 0
    }
}
