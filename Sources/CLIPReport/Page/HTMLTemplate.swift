internal import CLIPCore

#if canImport(FoundationEssentials)
internal import FoundationEssentials
#else
internal import Foundation
#endif

/// A page whose text, style and script are compiled into the program: `Assets`.
struct HTMLTemplate {
    /// A section of the page.
    enum Part: Equatable {
        case text(String)
        /// The name between `{{` and `}}`.
        case field(String)
    }

    /// The page for reviewing results.
    static let report = HTMLTemplate(
        page: PackageResources.report_html,
        styles: [
            PackageResources.layout_css, PackageResources.cards_css, PackageResources.media_css,
        ],
        scripts: [
            PackageResources.data_js, PackageResources.words_js, PackageResources.histogram_js,
            PackageResources.threshold_js, PackageResources.card_js, PackageResources.selection_js,
            PackageResources.inspector_js, PackageResources.filter_js, PackageResources.gallery_js,
            PackageResources.overview_js, PackageResources.views_js, PackageResources.keyboard_js,
            PackageResources.main_js,
        ]
    )

    /// The page for labelling images blind.
    static let labelling = HTMLTemplate(
        page: PackageResources.labelling_html,
        styles: [PackageResources.labelling_css],
        scripts: [
            PackageResources.tasks_js, PackageResources.estimate_js, PackageResources.judging_js,
            PackageResources.advice_js, PackageResources.labelling_js,
        ]
    )

    let parts: [Part]
    private let style: String
    private let script: String

    private init(page: [UInt8], styles: [[UInt8]], scripts: [[UInt8]]) {
        parts = Self.parts(of: Self.text(page))
        style = ([PackageResources.base_css] + styles).map(Self.text).joined()
        // What both pages share comes first.
        script =
            ([
                PackageResources.page_js, PackageResources.dialog_js, PackageResources.pictures_js,
                PackageResources.guide_js, PackageResources.delimited_js, PackageResources.labelfile_js,
                PackageResources.kept_js, PackageResources.labels_js, PackageResources.merge_js,
                PackageResources.files_js, PackageResources.theme_js, PackageResources.keys_js,
            ] + scripts).map(Self.text).joined()
    }

    /// Writes the page to a file, which is complete or absent.
    ///
    /// - Parameters:
    ///   - path: The path of the file.
    ///   - title: The page's title.
    ///   - data: What the page's script reads.
    ///   - thumbnails: JPEG files, one line each.
    /// - Throws: `CLIPError` with code `storage`.
    func write(to path: String, title: String, data: some Encodable, thumbnails: [[UInt8]]) throws {
        let file = try OutputFile(path: path)
        let nonce = String(UInt64.random(in: .min ... .max), radix: 36)
        for part in parts {
            switch part {
            case .text(let text): try file.write(text)
            case .field("title"): try file.write(Self.escaped(title))
            case .field("nonce"): try file.write(nonce)
            case .field("style"): try file.write(style)
            case .field("guard"): try file.write(Self.text(PackageResources.guard_js))
            case .field("notes"): try file.write(Self.text(PackageResources.notes_html))
            case .field("tools"): try file.write(Self.text(PackageResources.tools_html))
            case .field("settings"): try file.write(Self.text(PackageResources.settings_html))
            case .field("script"): try file.write(script)
            case .field("data"): try file.write(Self.json(data))
            case .field("thumbnails"):
                for bytes in thumbnails { try file.write("\(Data(bytes).base64EncodedString())\n") }
            case .field(let name): preconditionFailure("the page has no field '\(name)'")
            }
        }
        try file.close()
    }

    /// Escapes a text for an HTML element or a quoted attribute.
    static func escaped(_ text: String) -> String {
        text.unicodeScalars.reduce(into: "") { result, scalar in
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            default: result.unicodeScalars.append(scalar)
            }
        }
    }

    /// JSON that cannot close its script element: `<` occurs only in strings and is escaped.
    private static func json(_ data: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "Infinity",
            negativeInfinity: "-Infinity",
            nan: "NaN"
        )
        let bytes = try encoder.encode(data).reduce(into: [UInt8]()) { bytes, byte in
            if byte == UInt8(ascii: "<") { bytes += "\\u003c".utf8 } else { bytes.append(byte) }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func parts(of page: String) -> [Part] {
        var parts = [Part]()
        var rest = page[...]
        while let start = rest.firstRange(of: "{{"), let end = rest[start.upperBound...].firstRange(of: "}}") {
            parts.append(.text(String(rest[..<start.lowerBound])))
            parts.append(.field(String(rest[start.upperBound..<end.lowerBound])))
            rest = rest[end.upperBound...]
        }
        return parts + [.text(String(rest))]
    }

    private static func text(_ bytes: [UInt8]) -> String {
        String(decoding: bytes, as: UTF8.self)
    }
}
