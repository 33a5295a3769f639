/// Images of one size as an encoder takes them: unsigned 8-bit RGB in NHWC order.
///
/// The elements are the images, each `height × width × 3` bytes:
///
/// ```swift
/// let meanOfFirst = batch[0].reduce(0) { $0 + Int($1) } / batch[0].count
/// for image in batch { print(image.count) }
/// ```
public struct ImageBatch: Sendable, Equatable {
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
        self.height = height
        self.width = width
        self.pixels = []
        pixels.reserveCapacity(capacity * height * width * 3)
    }

    /// Appends one preprocessed image.
    ///
    /// - Precondition: `image` has `height × width × 3` bytes.
    public mutating func append(_ image: [UInt8]) {
        precondition(image.count == byteCountOfImage, "an image of the batch has height × width × 3 bytes")
        pixels.append(contentsOf: image)
    }

    /// Appends black images until there are `count`.
    package mutating func pad(to count: Int) {
        precondition(count >= self.count, "a batch is filled up, not cut off")
        pixels.append(contentsOf: repeatElement(0, count: (count - self.count) * byteCountOfImage))
    }

    /// Removes all images and keeps the memory.
    package mutating func removeAll() {
        pixels.removeAll(keepingCapacity: true)
    }
}

extension ImageBatch: RandomAccessCollection {
    /// 0.
    public var startIndex: Int { 0 }
    /// Number of images.
    public var endIndex: Int { pixels.count / byteCountOfImage }

    /// The bytes of one image, `height × width × 3` values 0…255: a part of ``pixels``, whose indices they have.
    public subscript(image: Int) -> ArraySlice<UInt8> {
        precondition(0..<count ~= image, "there is no such image")
        return pixels[image * byteCountOfImage..<(image + 1) * byteCountOfImage]
    }

    private var byteCountOfImage: Int { height * width * 3 }
}
