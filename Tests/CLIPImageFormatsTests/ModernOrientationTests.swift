import CLIPCore
import CLIPImage
import CLIPImageFormats
import Testing

/// Images of formats that have an orientation of their own are turned once, whatever their EXIF data repeats.
@Suite struct ModernOrientationTests {
    private let asStored = ImageFileDecoder(options: .init(orientation: .ignore), formats: .all)

    @Test(arguments: 5...8)
    func turnedImagesStandUpright(_ orientation: Int) throws {
        for name in [
            "heic-turned-\(orientation)-420-38x30.heic", "jxl-exif-\(orientation).jxl", "jxl-turned-\(orientation).jxl",
            "jxl-jpeg-\(orientation).jxl",
        ] {
            let image = try decoder.decode(Fixture.bytes(name))
            #expect(image.width == 30 && image.height == 38, "\(name)")
        }
    }

    /// Pillow and its plug-ins turn these when they open them, so open_clip sees them upright.
    @Test(arguments: ["heic-turned-6-420-38x30.heic", "jxl-turned-6.jxl", "tiff-orientation-6-tiff_lzw.tif"])
    func theTurnsOfSomeFilesArePartOfTheirImages(_ name: String) throws {
        let data = try Fixture.bytes(name)
        #expect(try asStored.decode(data) == decoder.decode(data))
    }

    @Test(arguments: ["avif-turned-1-none.avif", "jxl-exif-6.jxl", "jxl-jpeg-6.jxl"])
    func theTurnsOfOtherFilesAreAppliedOnRequestOnly(_ name: String) throws {
        let data = try Fixture.bytes(name)
        let (stored, upright) = (try asStored.decode(data), try decoder.decode(data))
        #expect(stored.width == upright.height && stored.height == upright.width)
    }
}
