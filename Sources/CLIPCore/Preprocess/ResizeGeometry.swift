/// Where the pixels of a preprocessed image come from: the whole image is resized to one size, and a window of it is kept.
///
/// The rules are those of open_clip's inference transform, which are torchvision's and timm's: sizes are truncated or
/// rounded, and offsets rounded half to even, as Python does.
struct ResizeGeometry: Equatable {
    /// Width of the whole image after resizing.
    let resizedWidth: Int
    /// Height of the whole image after resizing.
    let resizedHeight: Int
    /// Columns of the resized image that are kept, and where they go in the output.
    let columns: Window
    /// Rows of the resized image that are kept, and where they go in the output.
    let rows: Window

    /// A run of positions along one side.
    struct Window: Equatable {
        /// First position in the resized image.
        let source: Int
        /// First position in the output; positions before and after the run are padding.
        let target: Int
        /// Length of the run.
        let count: Int

        /// The positions in the resized image.
        var range: Range<Int> { source..<source + count }

        /// The centre of `length` positions for an output of `target` positions.
        init(centring length: Int, in target: Int) {
            if length >= target {
                source = Self.halfToEven(length - target)
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

    /// - Throws: ``CLIPError`` with code `unsupportedFormat` when a side would have no pixel left, `limitExceeded` when the
    ///   whole image would have more pixels than Pillow can hold.
    init(width: Int, height: Int, spec: PreprocessingSpec) throws {
        (resizedWidth, resizedHeight) = Self.resizedSize(width: width, height: height, spec: spec)
        let (pixels, overflows) = resizedWidth.multipliedReportingOverflow(by: resizedHeight)
        guard !overflows, pixels <= Int(Int32.max) else {
            throw CLIPError(
                .limitExceeded,
                "The image of \(width)×\(height) pixels is too long and narrow: it would be "
                    + "\(resizedWidth)×\(resizedHeight) pixels large in \(spec)."
            )
        }
        guard resizedWidth > 0, resizedHeight > 0 else {
            throw CLIPError(
                .unsupportedFormat,
                "The image of \(width)×\(height) pixels is too narrow: nothing is left of it in \(spec)."
            )
        }
        columns = Window(centring: resizedWidth, in: spec.width)
        rows = Window(centring: resizedHeight, in: spec.height)
    }

    /// Whether the height is reduced before the width: when it shrinks by more than twice as many pixels.
    ///
    /// Pillow has this rule since version 13, for speed; it shows in the last bit because each pass is rounded.
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
