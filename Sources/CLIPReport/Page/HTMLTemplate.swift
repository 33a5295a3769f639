/// The static parts of the page: `Assets`, which are compiled into the program.
enum HTMLTemplate {
    /// A section of the page.
    enum Part: Equatable {
        case text(String)
        /// The name between `{{` and `}}`.
        case field(String)
    }

    static let style = text(PackageResources.report_css)
    /// The script files, in dependency order.
    static let script = [
        PackageResources.page_js, PackageResources.csv_js, PackageResources.labels_js, PackageResources.histogram_js,
        PackageResources.gallery_js, PackageResources.views_js, PackageResources.inspector_js,
        PackageResources.keyboard_js, PackageResources.main_js,
    ].map(text).joined()
    static let page = parts(of: text(PackageResources.report_html))

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

    /// Equivalent JSON that cannot close its script element: `<` occurs only in strings and is escaped.
    static func harmless(json: String) -> String {
        let bytes = json.utf8.reduce(into: [UInt8]()) { bytes, byte in
            if byte == UInt8(ascii: "<") { bytes += "\\u003c".utf8 } else { bytes.append(byte) }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    static func parts(of page: String) -> [Part] {
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
