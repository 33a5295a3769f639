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
        kind: "report",
        bar: PackageResources.reportbar_html,
        body: PackageResources.report_html,
        help: PackageResources.reporthelp_html,
        styles: [
            PackageResources.layout_css, PackageResources.cards_css, PackageResources.media_css,
        ],
        scripts: [
            PackageResources.data_js, PackageResources.words_js, PackageResources.histogram_js,
            PackageResources.threshold_js, PackageResources.card_js, PackageResources.selection_js,
            PackageResources.inspector_js, PackageResources.filter_js, PackageResources.gallery_js,
            PackageResources.overview_js, PackageResources.changed_js, PackageResources.views_js,
            PackageResources.keyboard_js, PackageResources.main_js,
        ]
    )

    /// The page for labelling images blind.
    static let labelling = HTMLTemplate(
        kind: "labelling",
        bar: PackageResources.labellingbar_html,
        body: PackageResources.labelling_html,
        help: PackageResources.labellinghelp_html,
        styles: [PackageResources.labelling_css],
        scripts: [
            PackageResources.tasks_js, PackageResources.estimate_js, PackageResources.asking_js,
            PackageResources.advice_js, PackageResources.labelling_js,
        ]
    )

    let parts: [Part]
    private let style: String
    private let script: String

    private init(kind: String, bar: [UInt8], body: [UInt8], help: [UInt8], styles: [[UInt8]], scripts: [[UInt8]]) {
        let fragments = [
            "bar": bar, "body": body, "help": help, "notes": PackageResources.notes_html,
            "tools": PackageResources.tools_html, "settings": PackageResources.settings_html,
            "keys": PackageResources.keys_html,
        ].mapValues(Self.text).merging(["kind": kind]) { $1 }
        parts = Self.parts(of: Self.text(PackageResources.page_html), fragments)
        style = ([PackageResources.base_css] + styles).map(Self.text).joined()
        // What both pages share comes first.
        script =
            ([
                PackageResources.page_js, PackageResources.dialog_js, PackageResources.pictures_js,
                PackageResources.guide_js, PackageResources.delimited_js, PackageResources.labelfile_js,
                PackageResources.kept_js, PackageResources.entry_js, PackageResources.labels_js,
                PackageResources.compare_js, PackageResources.merge_js, PackageResources.files_js,
                PackageResources.theme_js, PackageResources.keys_js, PackageResources.start_js,
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

    /// Splits a text at its fields; those of fragments are replaced by the fragments' own parts.
    private static func parts(of text: String, _ fragments: [String: String]) -> [Part] {
        var parts = [Part]()
        var rest = text[...]
        while let start = rest.firstRange(of: "{{"), let end = rest[start.upperBound...].firstRange(of: "}}") {
            parts.append(.text(String(rest[..<start.lowerBound])))
            let name = String(rest[start.upperBound..<end.lowerBound])
            parts += fragments[name].map { Self.parts(of: $0, fragments) } ?? [.field(name)]
            rest = rest[end.upperBound...]
        }
        return parts + [.text(String(rest))]
    }

    private static func text(_ bytes: [UInt8]) -> String {
        String(decoding: bytes, as: UTF8.self)
    }
}
