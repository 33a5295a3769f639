/// The mapping from an image to its preprocessed version: the whole image is resized, and a window of it is kept.
///
/// The rules follow open_clip's inference transform, and therefore torchvision's and timm's: sizes are truncated or
/// rounded, and offsets are rounded half to even, as in Python. Those of transformers differ only in their offsets.
struct ResizeGeometry: Equatable {
    /// The width of the whole image after resizing.
    let resizedWidth: Int
    /// The height of the whole image after resizing.
    let resizedHeight: Int
    /// The columns of the resized image that are kept, and their position in the output.
    let columns: Window
    /// The rows of the resized image that are kept, and their position in the output.
    let rows: Window

    /// A range of positions along one side.
    struct Window: Equatable {
        /// The first position in the resized image.
        let source: Int
        /// The first position in the output; positions outside the range are padding.
        let target: Int
        /// The length of the range.
        let count: Int

        /// The positions in the resized image.
        var range: Range<Int> { source..<source + count }

        /// Centres `length` positions in an output of `target` positions.
        init(centring length: Int, in target: Int, _ convention: Convention) {
            if length >= target {
                let difference = length - target
                source = convention == .transformers ? difference / 2 : Self.halfToEven(difference)
                self.target = 0
                count = target
            } else {
                source = 0
                self.target = (target - length) / 2
                count = length
            }
        }

        private static func halfToEven(_ difference: Int) -> Int {
            Int((Double(difference) / 2).rounded(.toNearestOrEven))
        }
    }

    /// - Throws: ``CLIPError`` with code `unsupportedFormat` if a side would have no pixels left, or `limitExceeded` if
    ///   the whole image would have more pixels than Pillow supports.
    init(width: Int, height: Int, spec: PreprocessingSpec) throws {
        (resizedWidth, resizedHeight) = Self.resizedSize(width: width, height: height, spec: spec)
        let (pixels, overflows) = resizedWidth.multipliedReportingOverflow(by: resizedHeight)
        guard !overflows, pixels <= Int(Int32.max) else {
            throw CLIPError(
                .limitExceeded,
                "The image of \(width)×\(height) pixels is too long and narrow: preprocessing (\(spec)) would resize it to "
                    + "\(resizedWidth)×\(resizedHeight) pixels."
            )
        }
        guard resizedWidth > 0, resizedHeight > 0 else {
            throw CLIPError(
                .unsupportedFormat,
                "The image of \(width)×\(height) pixels is too narrow: preprocessing (\(spec)) would leave no pixels."
            )
        }
        columns = Window(centring: resizedWidth, in: spec.width, spec.convention)
        rows = Window(centring: resizedHeight, in: spec.height, spec.convention)
    }

    /// Whether height is resized before width: if it shrinks by more than twice as many pixels.
    ///
    /// Pillow has this rule since version 13, for speed. It affects the last bit because each pass is rounded.
    func resamplesHeightFirst(width: Int, height: Int) -> Bool {
        height - resizedHeight > max(0, 2 * (width - resizedWidth))
    }

    private static func resizedSize(width: Int, height: Int, spec: PreprocessingSpec) -> (width: Int, height: Int) {
        switch spec.resizeMode {
        case .squash:
            return (spec.width, spec.height)
        case .shortest where spec.width == spec.height:
            let long = Int(Double(spec.width * max(width, height)) / Double(min(width, height)))
            return width <= height ? (spec.width, long) : (long, spec.height)
        case .shortest, .longest:
            let ratios = (Double(height) / Double(spec.height), Double(width) / Double(spec.width))
            let ratio = spec.resizeMode == .longest ? max(ratios.0, ratios.1) : min(ratios.0, ratios.1)
            func scaled(_ length: Int) -> Int { Int((Double(length) / ratio).rounded(.toNearestOrEven)) }
            return (scaled(width), scaled(height))
        }
    }
}
