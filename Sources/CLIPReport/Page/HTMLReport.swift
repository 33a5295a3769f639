internal import CLIPCore

#if canImport(FoundationEssentials)
internal import FoundationEssentials
#else
internal import Foundation
#endif

/// Writes results as one HTML file to look at, with pictures, histograms and a way to tick what is right and wrong.
///
/// The file needs no network and loads nothing: its content security policy forbids it. Texts that come from outside, such
/// as ids, are data for the page's script and never markup.
///
/// ```swift
/// let report = HTMLReport(title: "Cats", identity: "results.parquet", sample: sample, pictures: pictures)
/// try report.write(to: "report.html")
/// ```
package struct HTMLReport: Sendable {
    /// What the page is called.
    package var title: String
    /// What is said of the results, as names and values.
    package var facts: [(name: String, value: String)]
    /// What is shown.
    package var sample: ReportSample
    /// What failed before.
    package var failures: FailureSample
    /// The images.
    package var pictures: ReportThumbnails
    /// Tells reports apart in the browser's memory of ticks: one with the same text finds the ticks again.
    ///
    /// The page holds a hash of it.
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

    /// Writes the file: complete or absent.
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

    /// Whether a file that starts with these bytes is a report.
    package static func isWritten(_ head: [UInt8]) -> Bool {
        String(decoding: head.prefix(1024), as: UTF8.self).contains(
            "<meta name=\"generator\" content=\"swift-openclip\">"
        )
    }

    /// Writes the page's data as a JSON object; the pictures go out one by one.
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
