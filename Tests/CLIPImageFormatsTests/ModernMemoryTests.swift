import CLIPCore
import CLIPImage
import CLIPImageFormats
import TestSupport
import Testing

/// Decoding HEIC, AVIF and JPEG XL takes no more memory than is counted before.
@Suite struct ModernMemoryTests {
    /// The least `maxMemory` with which a file is decoded, as the error for a lower one says.
    private func neededMemory(_ data: [UInt8]) throws -> Int {
        let error = try #require(decodingFailure(data, .init(maxMemory: 1)))
        #expect(error.code == .limitExceeded)
        return try #require(error.message.split(separator: " ").lazy.compactMap { Int($0) }.first)
    }

    @Test(
        .enabled(if: Allocation.areSeen),
        arguments: [
            "heic-large-420.heic", "heic-large-444.heic", "heic-large-10.heic", "heic-large-alpha.heic",
            "heic-large-tiles.heic", "heic-large-turned.heic", "heic-large-gray.heic", "avif-large-420.avif",
            "avif-large-444.avif", "avif-large-alpha.avif", "jxl-large-lossy.jxl", "jxl-large-lossless.jxl",
            "jxl-large-progressive.jxl", "jxl-large-alpha.jxl", "jxl-large-jpeg.jxl",
        ]
    )
    func whatIsTakenIsWithinTheLimit(_ name: String) throws {
        let data = try Fixture.bytes(name)
        let taken = try Allocation.peak { _ = try decoder.decode(data) }
        let needed = try neededMemory(data)
        #expect(taken <= needed, "\(taken) of \(needed)")
        // A limit must not refuse what would fit easily.
        #expect(needed - 20 << 20 <= taken * 3, "\(taken) of \(needed)")
    }
}
