internal import CLIPCore

/// Memory that is reused to decode images.
///
/// Unchecked: only one task at a time has it, from ``ResourcePool/take()`` to ``ResourcePool/give(_:)``.
final class DecodeWorkspace: @unchecked Sendable {
    /// The largest pixel memory to keep for the next image: 64 MiB, a photo of 22 megapixels.
    private static let keptBytes = 64 << 20

    private var image = PixelImage()

    /// Decodes and preprocesses an image.
    ///
    /// Replaces `pixels` with the preprocessed image. Updates `stage` as it proceeds, so that it names the failed stage
    /// after an error.
    ///
    /// - Returns: What is wrong with the file, if it is damaged.
    func prepare(
        _ bytes: [UInt8],
        with preparation: ImagePreparation,
        into pixels: inout [UInt8],
        stage: inout RunStage
    ) throws -> String? {
        defer { forgetLargeImage() }
        stage = .decode
        try preparation.clock.measure(.decode) { try preparation.decoder.decode(bytes, into: &image) }
        stage = .preprocess
        let byteCount = preparation.preprocessor.spec.byteCount
        if pixels.count != byteCount { pixels = [UInt8](repeating: 0, count: byteCount) }
        try preparation.clock.measure(.preprocess) {
            var span = pixels.mutableSpan
            try preparation.preprocessor.preprocess(image, into: &span)
        }
        return image.damage
    }

    private func forgetLargeImage() {
        guard image.pixels.capacity > Self.keptBytes else { return }
        image = PixelImage()
    }
}
