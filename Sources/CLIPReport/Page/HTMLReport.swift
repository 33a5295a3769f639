internal import CLIPCore

#if canImport(FoundationEssentials)
internal import FoundationEssentials
#else
internal import Foundation
#endif

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
        pictures: ReportThumbnails
    ) {
        self.title = title
        self.identity = identity
        self.facts = facts
        self.sample = sample
        self.failures = failures
        self.pictures = pictures
    }

    /// Writes the file, which is complete or absent.
    ///
    /// - Throws: `CLIPError` with code `storage`.
    package func write(to path: String) throws {
        let file = try OutputFile(path: path)
        let nonce = String(UInt64.random(in: .min ... .max), radix: 36)
        for part in HTMLTemplate.page {
            switch part {
            case .text(let text): try file.write(text)
            case .field("title"): try file.write(HTMLTemplate.escaped(title))
            case .field("nonce"): try file.write(nonce)
            case .field("style"): try file.write(HTMLTemplate.style)
            case .field("script"): try file.write(HTMLTemplate.script)
            case .field("data"): try writeData(to: file)
            case .field(let name): preconditionFailure("the page has no field '\(name)'")
            }
        }
        try file.close()
    }

    /// Whether a file with these first bytes is a report.
    package static func isWritten(_ head: [UInt8]) -> Bool {
        String(decoding: head.prefix(1024), as: UTF8.self).contains(
            "<meta name=\"generator\" content=\"swift-openclip\">"
        )
    }

    /// Writes the page's data as a JSON object, one thumbnail at a time.
    private func writeData(to file: OutputFile) throws {
        var thumbnails = [[UInt8]: Int]()
        var order = [[UInt8]]()
        let images = sample.images.map { image in
            switch pictures.picture(of: image.id) {
            case .unreadable(let reason):
                return PageData.Image(image, thumbnail: nil, reason: reason)
            case .jpeg(let bytes):
                let position = thumbnails[bytes] ?? order.count
                if position == order.count {
                    thumbnails[bytes] = position
                    order.append(bytes)
                }
                return PageData.Image(image, thumbnail: position, reason: nil)
            }
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "Infinity",
            negativeInfinity: "-Infinity",
            nan: "NaN"
        )
        let json = try encoder.encode(PageData(self, images: images))
        try file.write("{\"report\":")
        try file.write(HTMLTemplate.harmless(json: String(decoding: json, as: UTF8.self)))
        try file.write(",\"thumbnails\":[")
        for (position, bytes) in order.enumerated() {
            try file.write("\(position == 0 ? "" : ",")\n\"\(Data(bytes).base64EncodedString())\"")
        }
        try file.write("]}")
    }
}
