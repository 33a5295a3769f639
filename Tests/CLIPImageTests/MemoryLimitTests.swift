import CLIPCore
import CLIPImage
import TestSupport
import Testing

/// An image takes no more memory than its limits allow, whatever its file holds.
@Suite struct MemoryLimitTests {
    /// The least `maxMemory` with which a file is decoded, as the error for a lower one says.
    private func neededMemory(_ data: [UInt8]) throws -> Int {
        let error = try #require(decodingFailure(data, .init(maxMemory: 1)))
        #expect(error.code == .limitExceeded)
        return try #require(error.message.split(separator: " ").lazy.compactMap { Int($0) }.first)
    }

    @Test func theLimitIsInclusive() throws {
        let data = try Fixture.bytes("large-progressive-444.jpg")
        let needed = try neededMemory(data)
        #expect(decodingFailure(data, .init(maxMemory: needed)) == nil)
        let error = decodingFailure(data, .init(maxMemory: needed - 1))
        #expect(error?.code == .limitExceeded)
        #expect(error?.message.contains("Raise maxMemory") == true)
    }

    @Test(
        .enabled(if: Allocation.areSeen),
        arguments: [
            "large-baseline.jpg", "large-several-scans.jpg", "large-progressive-420.jpg", "large-progressive-444.jpg",
            "large-progressive-gray.jpg", "large-progressive-cmyk.jpg", "large-turned.jpg", "large.png",
            "large-interlaced.png", "large-texts.png", "large-lossy.webp", "large-lossy-alpha.webp",
            "large-lossless.webp", "large-lossless-alpha.webp", "large-animated.webp", "large-animated-alpha.webp",
            "large-animated-lossless.webp",
        ]
    )
    func whatIsTakenIsWithinTheLimit(_ name: String) throws {
        let data = try Fixture.bytes(name)
        let decoder = ImageFileDecoder()
        let taken = try Allocation.recorded { _ = try decoder.decode(data) }.reduce(0) { $0 + $1.bytes }
        let needed = try neededMemory(data)
        #expect(taken <= needed)
        // A limit must not refuse what would fit easily: beside the tables, 256 KiB, an animation counts up to twice what it
        // takes, because its header does not tell a lossy frame from a lossless one.
        #expect(needed - 256 << 10 <= taken * 2)
    }

    @Test func anImageOfTheDefaultSizeIsWithinTheDefaultLimit() {
        let limits = ImageFileDecoder.Options()
        // The kind that takes most: an animation with alpha, turned upright.
        let bytesPerPixel = 2 * 4 + 14
        #expect(limits.maxPixels * bytesPerPixel < limits.maxMemory)
    }

    @Test(arguments: ["png", "webp"])
    func aSizeThatCannotBeCountedIsAboveEveryLimit(_ kind: String) throws {
        var data = try Fixture.bytes(kind == "png" ? "rgba-8.png" : "animated-rgba.webp")
        let side: [UInt8] = kind == "png" ? [0xFF, 0xFF, 0xFF, 0xFF] : [0xFF, 0xFF, 0xFF]
        let start = kind == "png" ? 16 : 24
        data.replaceSubrange(start..<start + 2 * side.count, with: side + side)
        let error = decodingFailure(data, .init(maxPixels: .max, maxAspectRatio: .max))
        #expect([.limitExceeded, .corruptData].contains(error?.code))
    }

    /// Texts are not read, so that a file of 8 MB cannot take 8 GB.
    @Test(.enabled(if: Allocation.areSeen)) func textsOfAPNGTakeNoMemory() throws {
        let data = try Fixture.bytes("large-texts.png")
        let taken = try Allocation.recorded { _ = try ImageFileDecoder().decode(data) }
        #expect(taken.reduce(0) { $0 + $1.bytes } < 100_000)
    }
}
