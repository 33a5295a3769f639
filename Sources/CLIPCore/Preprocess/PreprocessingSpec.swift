/// How a model wants its images: size, resizing and interpolation.
///
/// Scaling to 0…1, mean and standard deviation are folded into the exported image encoder, so what leaves the
/// preprocessor is plain 8-bit RGB.
public struct PreprocessingSpec: Sendable, Hashable {
    /// How an image of any shape becomes one of the model's size.
    ///
    /// The names are open_clip's.
    public enum ResizeMode: String, Sendable, Hashable, CaseIterable, Codable {
        /// Scale so that the shorter side fits, then crop the centre.
        case shortest
        /// Scale both sides, without keeping the aspect ratio.
        case squash
        /// Scale so that the longer side fits, then pad around it with ``PreprocessingSpec/fill``.
        case longest
    }

    /// The resampling filter, as Pillow defines it.
    public enum Interpolation: String, Sendable, Hashable, CaseIterable, Codable {
        /// A triangle of support 1.
        case bilinear
        /// Keys' cubic with a = −0.5, support 2.
        case bicubic
    }

    /// Height of the result in pixels.
    public let height: Int
    /// Width of the result in pixels.
    public let width: Int
    /// How the image is brought to that size.
    public let resizeMode: ResizeMode
    /// The resampling filter.
    public let interpolation: Interpolation
    /// Value of every channel of the padding, in the image's own pixel format; used by ``ResizeMode/longest`` only.
    public let fill: UInt8

    /// Bytes of a preprocessed image: `height × width × 3`.
    package var byteCount: Int { height * width * 3 }

    /// Creates a specification.
    ///
    /// - Precondition: `height` and `width` are positive.
    public init(
        height: Int,
        width: Int,
        resizeMode: ResizeMode,
        interpolation: Interpolation,
        fill: UInt8 = 0
    ) {
        precondition(height > 0 && width > 0, "a size is positive")
        self.height = height
        self.width = width
        self.resizeMode = resizeMode
        self.interpolation = interpolation
        self.fill = fill
    }
}

extension PreprocessingSpec: CustomStringConvertible {
    /// For example `shortest 224x224 bicubic`; `longest` adds the fill colour.
    public var description: String {
        let fill = resizeMode == .longest ? " fill \(fill)" : ""
        return "\(resizeMode.rawValue) \(width)x\(height) \(interpolation.rawValue)\(fill)"
    }
}
