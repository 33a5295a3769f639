/// Images of one size in the layout of an encoder: unsigned 8-bit RGB in NHWC order.
///
/// The elements are the images, with `height × width × 3` bytes each:
///
/// ```swift
/// let meanOfFirst = batch[0].reduce(0) { $0 + Int($1) } / batch[0].count
/// for image in batch { print(image.count) }
/// ```
public struct ImageBatch: Sendable, Equatable {
    /// The number of rows of each image.
    public let height: Int
    /// The number of columns of each image.
    public let width: Int
    /// `count × height × width × 3` bytes, values 0…255.
    public private(set) var pixels: [UInt8]

    /// Creates an empty batch for images of one size.
    ///
    /// - Parameters:
    ///   - height: The number of rows of each image.
    ///   - width: The number of columns of each image.
    ///   - capacity: The number of images to reserve memory for.
    public init(height: Int, width: Int, capacity: Int = 0) {
        precondition(height > 0 && width > 0, "width and height must be positive")
        self.height = height
        self.width = width
        self.pixels = []
        pixels.reserveCapacity(capacity * height * width * 3)
    }

    /// Appends one preprocessed image.
    ///
    /// - Precondition: `image` has `height × width × 3` bytes.
    public mutating func append(_ image: [UInt8]) {
        precondition(image.count == byteCountOfImage, "an image must have height × width × 3 bytes")
        pixels.append(contentsOf: image)
    }

    /// Pads the batch with black images to `count` images.
    package mutating func pad(to count: Int) {
        precondition(count >= self.count, "padding must not shorten the batch")
        pixels.append(contentsOf: repeatElement(0, count: (count - self.count) * byteCountOfImage))
    }

    /// A batch of some of the images, by index.
    package func images(_ range: Range<Int>) -> ImageBatch {
        precondition(range.lowerBound >= 0 && range.upperBound <= count, "image index out of range")
        guard range != 0..<count else { return self }
        var part = ImageBatch(height: height, width: width)
        part.pixels = Array(pixels[range.lowerBound * byteCountOfImage..<range.upperBound * byteCountOfImage])
        return part
    }

    /// Removes all images, keeping the memory.
    package mutating func removeAll() {
        pixels.removeAll(keepingCapacity: true)
    }
}

extension ImageBatch: RandomAccessCollection {
    /// The first index, 0.
    public var startIndex: Int { 0 }
    /// The number of images.
    public var endIndex: Int { pixels.count / byteCountOfImage }

    /// The bytes of one image: a slice of ``pixels`` with `height × width × 3` values from 0 to 255, which shares its
    /// indices.
    public subscript(image: Int) -> ArraySlice<UInt8> {
        precondition(0..<count ~= image, "image index out of range")
        return pixels[image * byteCountOfImage..<(image + 1) * byteCountOfImage]
    }

    private var byteCountOfImage: Int { height * width * 3 }
}
