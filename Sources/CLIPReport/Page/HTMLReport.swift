/// Writes results as a single HTML file for reviewing them, with thumbnails, histograms and buttons to label decisions.
///
/// The file needs no network and loads nothing; its content security policy forbids it. External texts, such as ids,
/// are passed to the page's script as data and never as markup.
///
/// ```swift
/// let report = HTMLReport(title: "Cats", identity: "results.parquet", sample: sample, pictures: pictures)
/// try report.write(to: "report.html")
/// ```
package struct HTMLReport: Sendable {
    /// The title of the page.
    package var title: String
    /// Facts about the results, as names and values.
    package var facts: [(name: String, value: String)]
    /// The images and counts to show.
    package var sample: ReportSample
    /// The images that failed during embedding.
    package var failures: FailureSample
    /// The thumbnails.
    package var pictures: ReportThumbnails
    /// For each image of the sample, positions of similar ones; empty if they are not known.
    package var similar: [[Int]]
    /// What changed since another run, whose images the sample includes; `nil` without a comparison.
    package var comparison: RunComparison?
    /// Identifies the report in the browser's storage of labels: a report with the same identity finds its labels
    /// again.
    ///
    /// The page contains only its hash.
    package var identity: String

    /// Creates a report.
    package init(
        title: String,
        identity: String,
        facts: [(name: String, value: String)] = [],
        sample: ReportSample,
        failures: FailureSample = FailureSample(),
        pictures: ReportThumbnails,
        similar: [[Int]] = [],
        comparison: RunComparison? = nil
    ) {
        precondition(similar.isEmpty || similar.count == sample.images.count, "there is one list per image, or none")
        precondition(
            sample.included.count == comparison?.changes.count ?? 0,
            "the sample includes the images of the comparison"
        )
        self.title = title
        self.identity = identity
        self.facts = facts
        self.sample = sample
        self.failures = failures
        self.pictures = pictures
        self.similar = similar
        self.comparison = comparison
    }

    /// Writes the file, which is complete or absent.
    ///
    /// - Throws: `CLIPError` with code `storage`.
    package func write(to path: String) throws {
        var images = PageImages(pictures, pageAt: path)
        let data = PageData(
            self,
            images: sample.images.enumerated().map { place, image in
                PageData.Image(
                    id: image.id,
                    picture: images.picture(of: image.id),
                    scores: image.scores.map(PageData.Score.init),
                    similar: similar.isEmpty ? [] : similar[place]
                )
            }
        )
        try HTMLTemplate.report.write(to: path, title: title, data: data, thumbnails: images.thumbnails)
    }

    /// Whether a file with these first bytes is a report.
    package static func isWritten(_ head: [UInt8]) -> Bool {
        String(decoding: head.prefix(1024), as: UTF8.self).contains(
            "<meta name=\"generator\" content=\"swift-openclip\">"
        )
    }
}
