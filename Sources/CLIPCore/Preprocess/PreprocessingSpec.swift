/// How a model's images are preprocessed: size, resizing and interpolation.
///
/// Scaling to 0…1, mean and standard deviation are folded into the exported image encoder, so the preprocessor returns
/// plain 8-bit RGB.
public struct PreprocessingSpec: Sendable, Hashable {
    /// How an image is fitted to the model's size.
    ///
    /// The names are open_clip's.
    public enum ResizeMode: String, Sendable, Hashable, CaseIterable, Codable {
        /// Scales the shorter side to fit, then crops the centre.
        case shortest
        /// Scales both sides, without keeping the aspect ratio.
        case squash
        /// Scales the longer side to fit, then pads the image with ``PreprocessingSpec/fill``.
        case longest
    }

    /// The resampling filter, as defined by Pillow.
    public enum Interpolation: String, Sendable, Hashable, CaseIterable, Codable {
        /// A triangle filter with support 1.
        case bilinear
        /// Keys' cubic filter with a = −0.5 and support 2.
        case bicubic
    }

    /// The height of the result in pixels.
    public let height: Int
    /// The width of the result in pixels.
    public let width: Int
    /// How the image is resized to that size.
    public let resizeMode: ResizeMode
    /// The resampling filter.
    public let interpolation: Interpolation
    /// The padding value of every channel, in the image's own pixel format; only ``ResizeMode/longest`` uses it.
    public let fill: UInt8
    /// Whose details the steps follow.
    ///
    /// In transformers' image processors that use Pillow, images are converted to RGB before they are resized, with alpha
    /// on white, and offsets are rounded down.
    package var convention = Convention.openCLIP

    /// The size of a preprocessed image in bytes: `height × width × 3`.
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
        precondition(height > 0 && width > 0, "width and height must be positive")
        self.height = height
        self.width = width
        self.resizeMode = resizeMode
        self.interpolation = interpolation
        self.fill = fill
    }
}

extension PreprocessingSpec: CustomStringConvertible {
    /// For example `shortest 224x224 bicubic`; `longest` adds the fill colour, and models of transformers `transformers`.
    public var description: String {
        let fill = resizeMode == .longest ? " fill \(fill)" : ""
        let convention = convention == .openCLIP ? "" : " \(convention.rawValue)"
        return "\(resizeMode.rawValue) \(width)x\(height) \(interpolation.rawValue)\(fill)\(convention)"
    }
}
