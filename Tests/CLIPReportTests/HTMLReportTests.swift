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
        func run(_ score: Float) -> RunComparison.Run {
            .init(name: Self.hostile, categories: definitions, neutralMargin: 0, imageCount: ids.count) { body in
                let limits = DecisionLimits(names: [Self.hostile], thresholds: [0.5], neutralMargin: 0)
                try body(limits.decide(ids.map { _ in Evidence(score: score, positive: score) }, ids: ids))
            }
        }
        let comparison = try RunComparison(from: run(0.3), to: run(0.7))
        let including = comparison.changes.map { (id: $0.id, category: $0.earlier.category) }
        let sample = try ReportSample(definitions, neutralMargin: 0, including: including) { body in
            try run(0.7).decisions { try body(ids, $0) }
        }
        var found = ReportThumbnails(ids: ids)
        let files = ids.compactMap { id in pictures(id).map { (id, $0) } }
        try await found.read(from: Files(files), concurrency: 2) { $0 }
        var failures = FailureSample()
        failures.add(id: Self.hostile, stage: .read, reason: Self.hostile)
        let report = HTMLReport(
            title: title,
            identity: "i",
            sample: sample,
            failures: failures,
            pictures: found,
            comparison: comparison
        )
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
        struct Image: Decodable {
            let id: String
            let picture: Picture
        }
        struct Picture: Decodable {
            let thumbnail: Int?
            let reason: String?
        }
        struct Changes: Decodable {
            let name: String
        }
        let images: [Image]
        let failures: [[String]]
        let changes: Changes

        init(_ page: String) throws {
            let json = try HTMLReportTests.element("data", of: page)
            self = try JSONDecoder().decode(PageData.self, from: Data(json.utf8))
        }
    }

    private func thumbnails(_ page: String) throws -> [Substring] {
        try Self.element("thumbnails", of: page).split(separator: "\n")
    }

    /// The text of a script element that holds data.
    private static func element(_ id: String, of page: String) throws -> Substring {
        let start = try #require(page.firstRange(of: "<script id=\"\(id)\""))
        let open = try #require(page[start.upperBound...].firstRange(of: ">"))
        let end = try #require(page[open.upperBound...].firstRange(of: "</script>"))
        return page[open.upperBound..<end.lowerBound]
    }

    @Test func textsFromOutsideAreDataAndNeverMarkup() async throws {
        let page = try await page(ids: [Self.hostile], title: Self.hostile)
        #expect(!page.contains("<script>"))
        #expect(page.split(separator: "<script", omittingEmptySubsequences: false).count == 5)
        let data = try PageData(page)
        #expect(data.images.map(\.id) == [Self.hostile])
        #expect(data.failures == [[Self.hostile, "read", Self.hostile]])
        #expect(data.changes.name == Self.hostile)
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
        let page = try await page(ids: ["a", "b", "c", "d"]) { id in ["a": [1, 2], "b": [1, 2], "c": [3]][id] }
        let data = try PageData(page)
        #expect(try thumbnails(page) == ["AQI=", "Aw=="])
        #expect(data.images.map(\.picture.thumbnail) == [0, 0, 1, nil])
        #expect(data.images[3].picture.reason == "The image is not among the sources.")
    }

    @Test func picturesLinkToTheImagesRelativeToThePage() async throws {
        let folder = try TemporaryFolder()
        let ids = ["a b.png", "https://example.org/c.png", "row 7"]
        var pictures = ReportThumbnails(ids: ids)
        let images = FileImages(ids: [ids[0]])
        try await pictures.read(from: images, in: "\(folder.path)/photos/..", concurrency: 1) { $0 }
        let path = "\(folder.path)/out/report.html"
        try FileManager.default.createDirectory(atPath: "\(folder.path)/out", withIntermediateDirectories: true)
        let items = ids.map { LabellingPage.Item(id: $0, tasks: []) }
        try LabellingPage(title: "t", identity: "i", categories: [], items: items, pictures: pictures).write(to: path)
        let page = String(decoding: try FileBytes.read(path), as: UTF8.self)
        #expect(page.contains(#""link":"../a%20b.png""#) && page.contains(#""link":"https://example.org/c.png""#))
        #expect(page.split(separator: #""link":"#).count == 3)
    }

    /// Images that are files of their own, which need not exist.
    private struct FileImages: ImageSource, ImageIterator {
        var ids: [String]

        func makeIterator() -> any ImageIterator { self }

        mutating func next() -> ImageReference? {
            guard !ids.isEmpty else { return nil }
            let id = ids.removeFirst()
            return ImageReference(id: id, file: LocalFile(path: Array(id.utf8), maximumBytes: 1))
        }
    }

    @Test func ofTwoImagesWithOneIDTheFirstIsShown() async throws {
        var pictures = ReportThumbnails(ids: ["a"])
        try await pictures.read(from: Files([("a", [1]), ("a", [2])]), concurrency: 2) { $0 }
        try await pictures.read(from: Files([("a", [3])]), concurrency: 2) { $0 }
        #expect(pictures.picture(of: "a") == .jpeg([1]))
    }

    @Test func anImageWhoseFileCannotBeReadIsNotFound() async throws {
        var pictures = ReportThumbnails(ids: ["/nowhere/a.png"])
        try await pictures.read(from: FileImages(ids: ["/nowhere/a.png"]), concurrency: 1) { $0 }
        #expect(pictures.foundCount == 0 && pictures.firstFailure?.contains("/nowhere/a.png") == true)
    }

    @Test func anImageThatCannotBeReadIsLookedForInTheNextSource() async throws {
        var pictures = ReportThumbnails(ids: ["a", "b"])
        try await pictures.read(from: Files([("a", [0]), ("b", [0])]), concurrency: 1) { _ in
            throw CLIPError(.corruptData, "It is damaged.")
        }
        #expect(pictures.picture(of: "a") == .unreadable("It is damaged.") && pictures.readCount == 0)
        #expect(pictures.foundCount == 2 && pictures.firstFailure == "It is damaged.")
        try await pictures.read(from: Files([("a", [1])]), concurrency: 1) { $0 }
        #expect(pictures.picture(of: "a") == .jpeg([1]) && pictures.readCount == 1)
    }
}
