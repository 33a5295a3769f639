internal import CLIPCore
package import CLIPFileKinds

/// A file format that an ``ImageFileDecoder`` can read.
///
/// `CLIPImageFormats` has those that the decoder does not read by itself:
///
/// ```swift
/// import CLIPImageFormats
///
/// let decoder = ImageFileDecoder(formats: .all)
/// ```
public struct ImageFormat: Sendable {
    let kind: ImageFileKind
    private let reader: @Sendable ([UInt8]) throws -> any ImageFile

    /// Creates a format.
    ///
    /// - Parameters:
    ///   - kind: The files that are read with this format.
    ///   - reader: Reads a file's header. It throws only `CLIPError`.
    package init(_ kind: ImageFileKind, reader: @escaping @Sendable ([UInt8]) throws -> any ImageFile) {
        self.kind = kind
        self.reader = reader
    }

    /// Reads the header of a file of this format.
    package func open(_ data: [UInt8]) throws -> any ImageFile {
        try reader(data)
    }

    /// The first bytes of a PNG file.
    package static let pngSignature = PNGFile.signature

    /// PNG and JPEG, which other formats contain.
    package static let png = ImageFormat(.png) { try PNGFile($0) }
    package static let jpeg = ImageFormat(.jpeg) { try JPEGFile($0) }

    /// The formats of the web.
    static let builtIn = [
        jpeg,
        png,
        ImageFormat(.webp) { try WebPFile($0) },
    ]
}

extension [ImageFormat] {
    /// Reads the header of a file of any of these formats.
    ///
    /// - Throws: `CLIPError` with code `unsupportedFormat` for a file of another format, and what the format throws.
    func open(_ data: [UInt8]) throws -> any ImageFile {
        if data.isEmpty { throw CLIPError(.corruptData, "The file is empty (0 bytes).") }
        guard let kind = ImageFileKind(of: data) else {
            throw CLIPError(.unsupportedFormat, "This is not \(names) image.")
        }
        guard let format = first(where: { $0.kind == kind }) else {
            throw CLIPError(
                .unsupportedFormat,
                "This is \(kind.article) \(kind.name) file, not \(names) image. Convert it to JPEG first."
            )
        }
        return try format.open(data)
    }

    /// The names with an article: "a JPEG, PNG or WebP".
    private var names: String {
        let names = map(\.kind.name)
        let list = names.dropLast().joined(separator: ", ") + (names.last.map { " or \($0)" } ?? "")
        return "\(self[0].kind.article) \(list)"
    }
}
