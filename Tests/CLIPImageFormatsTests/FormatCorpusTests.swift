import CLIPCore
import CLIPImage
import Foundation
import Testing

/// Compares with Pillow's pixels in the folder that `Tools/check_formats.py` wrote: `OPENCLIP_FORMATS` names it.
@Suite struct FormatCorpusTests {
    private struct Expected: Decodable {
        let width: Int?
        let height: Int?
        let mode: String?
        let error: String?
        let deviation: String?
    }

    private static let folder = ProcessInfo.processInfo.environment["OPENCLIP_FORMATS"]

    @Test(.enabled(if: folder != nil))
    func pixelsEqualPillows() throws {
        let folder = try #require(Self.folder)
        let document = try Data(FileBytes.read("\(folder)/expected.json"))
        let expectations = try JSONDecoder().decode([String: Expected].self, from: document)
        // Were a kind missing, nothing would be compared for it.
        for kind in ["bmp", "ico", "gif", "ppm", "jp2", "tif", "heic", "avif", "jxl"] {
            let count = expectations.count {
                $0.key.hasSuffix(".\(kind)") && $0.value.error == nil && $0.value.deviation == nil
            }
            #expect(count >= 10, "\(count) files of the kind \(kind)")
        }
        for (name, expected) in expectations.sorted(by: { $0.key < $1.key }) {
            let data = try FileBytes.read("\(folder)/\(name)")
            let failure = decodingFailure(data)
            guard expected.deviation == nil else { continue }
            guard expected.error == nil else {
                if failure == nil { print("reads what Pillow refuses: \(name): \(expected.error ?? "")") }
                continue
            }
            guard failure == nil else {
                Issue.record("\(name) (\(expected.mode ?? "")): \(failure?.message ?? "")")
                continue
            }
            let image = try decoder.decode(data)
            #expect(image.width == expected.width && image.height == expected.height, "\(name)")
            let difference = try Difference(image.rgb, FileBytes.read("\(folder)/\(name).rgb"))
            let isEqual = difference.count == 0 || name.hasSuffix(".jxl") && difference.isOfRounding
            #expect(isEqual, "\(name) (\(expected.mode ?? "")): \(difference)")
        }
    }
}
