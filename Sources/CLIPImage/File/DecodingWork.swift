package import CLIPCore

/// An upper bound for the work of decoding one image: pixels and bytes, each as often as the codec goes through it.
package struct DecodingWork: Comparable {
    /// The largest work: the pixels of the default `maxPixels` 24 times, some minutes of a CPU core.
    package static let maximum = 1 << 32

    /// A float, so that no header makes it overflow.
    private let amount: Double

    private init(amount: Double) {
        self.amount = amount
    }

    package init(pixels width: Int, _ height: Int) {
        amount = Double(width) * Double(height)
    }

    package init(bytes: Int) {
        amount = Double(bytes)
    }

    package static func + (left: Self, right: Self) -> Self { Self(amount: left.amount + right.amount) }
    package static func * (work: Self, times: Int) -> Self { Self(amount: work.amount * Double(times)) }

    package static func < (left: Self, right: Self) -> Bool { left.amount < right.amount }

    package var isTooMuch: Bool { amount > Double(Self.maximum) }

    /// - Throws: `CLIPError` with code `limitExceeded` for more than ``maximum``.
    package func check() throws(CLIPError) {
        guard isTooMuch else { return }
        throw CLIPError(
            .limitExceeded,
            "The file has far more scans, layers, slices or repeated data than its image needs: decoding it goes through "
                + "more than \(Self.maximum) pixels and bytes, the limit. Save the image anew to read it."
        )
    }
}
