import CLIPCore
import CLIPReport
import CLIPTesting
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@Suite struct HTMLReportTests {
    private static let hostile = #"</script><script>alert("1 & 2")</script> '≮!--"# + "\u{2028}\n😀"

    private func page(
        ids: [String],
        title: String = "t",
        pictures: (String) -> [UInt8]? = { _ in nil }
    ) async throws -> String {
        let folder = try TemporaryFolder()
        let definitions = [ReportSample.Definition(name: Self.hostile, threshold: 0.5, rule: "contrast")]
        let sample = try ReportSample(definitions, neutralMargin: 0) { body in
            let file = CategoryFile(categories: [.init(name: Self.hostile, positive: ["x"], threshold: 0.5)])
            try body(ids, DecisionLimits(file).decide(ids.map { _ in Evidence(score: 0.7, positive: 0.7) }))
        }
        var found = ReportThumbnails(ids: ids)
        let files = ids.compactMap { id in pictures(id).map { (id, $0) } }
        try await found.read(from: Files(files), concurrency: 2) { $0 }
        var failures = FailureSample()
        failures.add(id: Self.hostile, stage: .read, reason: Self.hostile)
        let report = HTMLReport(title: title, identity: "i", sample: sample, failures: failures, pictures: found)
        let path = "\(folder.path)/report.html"
        try report.write(to: path)
        return String(decoding: try FileBytes.read(path), as: UTF8.self)
    }

    private struct Files: ImageSource, ImageIterator {
        var files: [(id: String, bytes: [UInt8])]

        init(_ files: [(String, [UInt8])]) { self.files = files.map { (id: $0.0, bytes: $0.1) } }

        func makeIterator() -> any ImageIterator { self }

        mutating func next() -> ImageReference? {
            guard !files.isEmpty else { return nil }
            let (id, bytes) = files.removeFirst()
            return ImageReference(id: id) { bytes }
        }
    }

    /// What the page's script reads.
    private struct PageData: Decodable {
        struct Report: Decodable {
            struct Image: Decodable {
                let id: String
                let thumbnail: Int?
                let reason: String?
            }
            let images: [Image]
            let failures: [[String]]
        }
        let report: Report
        let thumbnails: [String]

        init(_ page: String) throws {
            let start = try #require(page.firstRange(of: #"<script id="data" type="application/json">"#))
            let end = try #require(page[start.upperBound...].firstRange(of: "</script>"))
            let json = page[start.upperBound..<end.lowerBound]
            self = try JSONDecoder().decode(PageData.self, from: Data(json.utf8))
        }

        enum CodingKeys: CodingKey { case report, thumbnails }
    }

    @Test func textsFromOutsideAreDataAndNeverMarkup() async throws {
        let page = try await page(ids: [Self.hostile], title: Self.hostile)
        #expect(!page.contains("<script>"))
        #expect(page.split(separator: "<script", omittingEmptySubsequences: false).count == 3)
        let data = try PageData(page)
        #expect(data.report.images.map(\.id) == [Self.hostile])
        #expect(data.report.failures == [[Self.hostile, "read", Self.hostile]])
    }

    @Test func nothingIsLoadedAndOnlyThePagesOwnScriptRuns() async throws {
        let page = try await page(ids: ["a"])
        #expect(page.contains("default-src 'none'; img-src data:; style-src 'nonce-"))
        #expect(!page.contains("unsafe-inline") && !page.contains("{{"))
        for address in ["http://", "https://", "url(", "@import"] {
            #expect(!page.replacing("http://www.w3.org/2000/svg", with: "").contains(address))
        }
    }

    @Test func anotherPageHasAnotherNonce() async throws {
        func nonce(_ page: String) -> Substring? {
            page.firstRange(of: "'nonce-").map { page[$0.upperBound...].prefix { $0 != "'" } }
        }
        let (one, two) = (try await page(ids: ["a"]), try await page(ids: ["a"]))
        #expect(nonce(one) != nil && nonce(one) != nonce(two))
    }

    @Test func picturesThatAreEqualAreThereOnce() async throws {
        let data = try PageData(
            try await page(ids: ["a", "b", "c", "d"]) { id in
                ["a": [1, 2], "b": [1, 2], "c": [3]][id]
            }
        )
        #expect(data.thumbnails == ["AQI=", "Aw=="])
        #expect(data.report.images.map(\.thumbnail) == [0, 0, 1, nil])
        #expect(data.report.images[3].reason == "The image is not among the sources.")
    }

    @Test func ofTwoImagesWithOneIDTheFirstIsShown() async throws {
        var pictures = ReportThumbnails(ids: ["a"])
        try await pictures.read(from: Files([("a", [1]), ("a", [2])]), concurrency: 2) { $0 }
        try await pictures.read(from: Files([("a", [3])]), concurrency: 2) { $0 }
        #expect(pictures.picture(of: "a") == .jpeg([1]))
    }

    @Test func anImageThatCannotBeReadIsLookedForInTheNextSource() async throws {
        var pictures = ReportThumbnails(ids: ["a", "b"])
        try await pictures.read(from: Files([("a", [0]), ("b", [0])]), concurrency: 1) { _ in
            throw CLIPError(.corruptData, "It is damaged.")
        }
        #expect(pictures.picture(of: "a") == .unreadable("It is damaged.") && pictures.readCount == 0)
        try await pictures.read(from: Files([("a", [1])]), concurrency: 1) { $0 }
        #expect(pictures.picture(of: "a") == .jpeg([1]) && pictures.readCount == 1)
    }
}
