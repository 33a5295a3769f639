import CLIPCore
import CLIPImage
import TestSupport
import Testing

/// Memory for pixels is taken once, not once for each image.
@Suite struct ReusedMemoryTests {
    private static let spec = PreprocessingSpec(
        height: 224,
        width: 224,
        resizeMode: .shortest,
        interpolation: .bicubic
    )

    /// The libraries or programs that make allocations of at least 4 KiB on this thread while `body` runs.
    private func allocatingCallers(_ body: () throws -> Void) throws -> [String] {
        try Allocation.recorded(body).map(\.caller)
    }

    private func isCodec(_ caller: String) -> Bool {
        ["libturbojpeg", "libjpeg", "libpng", "libz", "libwebp"].contains { caller.hasPrefix($0) }
    }

    @Test(.enabled(if: Allocation.areSeen)) func theCounterCountsWhatIsAllocated() throws {
        var arrays = [[UInt8]]()
        let callers = try allocatingCallers { arrays = [[UInt8](repeating: 1, count: 5000), [1, 2]] }
        #expect(callers.count == 1)
        #expect(arrays.joined().count == 5002)
    }

    @Test(.enabled(if: Allocation.areSeen), arguments: ["jpg", "png", "webp"])
    func onlyTheCodecsAllocateInTheSteadyState(_ kind: String) throws {
        let decoder = ImageFileDecoder()
        let preprocessor = ImagePreprocessor(spec: Self.spec)
        let files = try Fixture.expectations().keys.filter { $0.hasSuffix(kind) }.sorted().map(Fixture.bytes)
        var image = PixelImage()
        var pixels = [UInt8](repeating: 0, count: Self.spec.byteCount)
        func prepareAll() throws {
            for file in files {
                try decoder.decode(file, into: &image)
                var span = pixels.mutableSpan
                try preprocessor.preprocess(image, into: &span)
            }
        }
        try prepareAll()
        let callers = try allocatingCallers { for _ in 0..<3 { try prepareAll() } }
        #expect(callers.filter { !isCodec($0) } == [])
    }

    @Test(
        .enabled(if: Allocation.areSeen),
        arguments: PixelImage.Format.allCases,
        PreprocessingSpec.ResizeMode.allCases
    )
    func preprocessingSmallerImagesAllocatesNothing(
        _ format: PixelImage.Format,
        _ mode: PreprocessingSpec.ResizeMode
    ) throws {
        let spec = PreprocessingSpec(height: 224, width: 224, resizeMode: mode, interpolation: .bicubic)
        var generator = LinearCongruentialGenerator(state: 7)
        // The first three need all there is: the last has its height reduced before its width.
        let images =
            [(700, 700), (700, 300), (461, 700)]
            + (0..<20).map { _ in
                (Int.random(in: 30...700, using: &generator), Int.random(in: 30...700, using: &generator))
            }
        let preprocessor = ImagePreprocessor(spec: spec)
        var pixels = [UInt8](repeating: 0, count: spec.byteCount)
        var allocating = [String]()
        for (index, size) in images.enumerated() {
            let image = PixelImage(
                width: size.0,
                height: size.1,
                format: format,
                pixels: [UInt8](repeating: 9, count: size.0 * size.1 * format.bytesPerPixel),
                palette: [UInt8](repeating: 3, count: format == .palette ? 768 : 0)
            )
            let callers = try allocatingCallers {
                var span = pixels.mutableSpan
                try preprocessor.preprocess(image, into: &span)
            }
            if index >= 3 { allocating += callers.map { "\($0) for \(size)" } }
        }
        #expect(allocating == [])
    }

    @Test func anImageInUsedMemoryEqualsOneInFreshMemory() throws {
        let decoder = ImageFileDecoder()
        let preprocessor = ImagePreprocessor(spec: Self.spec)
        var image = PixelImage()
        var pixels = [UInt8](repeating: 0, count: Self.spec.byteCount)
        let names = try Fixture.smallFiles()
        for name in names + names.reversed() {
            let data = try Fixture.bytes(name)
            let expected = try decoder.decode(data)
            try decoder.decode(data, into: &image)
            #expect(image == expected, "\(name)")
            var span = pixels.mutableSpan
            try preprocessor.preprocess(image, into: &span)
            #expect(try preprocessor.preprocess(expected) == pixels, "\(name)")
        }
    }

    @Test func theNextImageIsDecodedAfterADamagedOne() throws {
        let decoder = ImageFileDecoder()
        var image = PixelImage()
        for name in ["rgb-420.jpg", "filtered.png", "rgba-lossy.webp"] {
            let data = try Fixture.bytes(name)
            #expect(throws: CLIPError.self) { try decoder.decode(Array(data.dropLast(data.count / 2)), into: &image) }
            try decoder.decode(data, into: &image)
            #expect(try image == ImageFileDecoder().decode(data), "\(name)")
        }
    }
}
