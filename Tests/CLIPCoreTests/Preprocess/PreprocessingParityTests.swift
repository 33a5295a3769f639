import CLIPCore
import Foundation
import TestSupport
import Testing

/// Every pixel equals open_clip's or transformers': hashes of their transforms over Pillow, made by
/// `Tools/fixtures/make_preprocessing_fixtures.py`, for noise that both sides generate.
@Suite struct PreprocessingParityTests {
    struct Fixtures: Decodable {
        struct Group: Decodable {
            let sizes: [[Int]]
            let specs: [Spec]
            let hashes: [String: [String]]
        }

        let small: Group
        let large: Group
        let transformers: Group
    }

    struct Spec: Decodable {
        let spec: PreprocessingSpec

        init(from decoder: any Decoder) throws {
            var list = try decoder.unkeyedContainer()
            spec = PreprocessingSpec(
                resizeMode: try list.decode(PreprocessingSpec.ResizeMode.self),
                interpolation: try list.decode(PreprocessingSpec.Interpolation.self),
                height: try list.decode(Int.self),
                width: try list.decode(Int.self),
                fill: try list.decode(UInt8.self)
            )
        }
    }

    static let fixtures = Result {
        try JSONDecoder().decode(Fixtures.self, from: Data(FileBytes.read(Fixture.path("preprocessing.json"))))
    }

    @Test(arguments: PixelImage.Format.allCases)
    func everyPixelEqualsTheReference(_ format: PixelImage.Format) throws {
        try expectEqual(Self.fixtures.get().small, format)
    }

    @Test(arguments: [PixelImage.Format.gray, .rgb, .rgba, .cmyk, .palette, .gray16])
    func everyPixelOfLargeAndExtremeImagesEqualsTheReference(_ format: PixelImage.Format) throws {
        try expectEqual(Self.fixtures.get().large, format)
    }

    @Test(arguments: PixelImage.Format.allCases)
    func everyPixelEqualsTransformers(_ format: PixelImage.Format) throws {
        try expectEqual(Self.fixtures.get().transformers, format, .transformers)
    }

    private func expectEqual(
        _ group: Fixtures.Group,
        _ format: PixelImage.Format,
        _ convention: Convention = .openCLIP
    ) throws {
        let expected = try #require(group.hashes[format.pillowMode])
        try #require(expected.count == group.sizes.count * group.specs.count)
        for (seed, size) in group.sizes.enumerated() {
            let image = Noise.image(width: size[0], height: size[1], format: format, seed: UInt64(seed))
            for (index, entry) in group.specs.enumerated() {
                var spec = entry.spec
                spec.convention = convention
                let hash = expected[seed * group.specs.count + index]
                let pixels = try? ImagePreprocessor(spec: spec).preprocess(image)
                #expect(pixels.map(Noise.hash) ?? "" == hash, "\(size[0])×\(size[1]) \(format) to \(spec)")
            }
        }
    }
}

extension PreprocessingSpec {
    init(resizeMode: ResizeMode, interpolation: Interpolation, height: Int, width: Int, fill: UInt8) {
        self.init(height: height, width: width, resizeMode: resizeMode, interpolation: interpolation, fill: fill)
    }
}

extension PixelImage.Format {
    fileprivate var pillowMode: String {
        switch self {
        case .bilevel: "1"
        case .palette: "P"
        case .gray: "L"
        case .grayAlpha: "LA"
        case .rgb: "RGB"
        case .rgba: "RGBA"
        case .cmyk: "CMYK"
        case .gray16: "I;16"
        }
    }
}
