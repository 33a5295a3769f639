internal import CLIPCore
internal import CLIPOpenVINO

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#elseif canImport(Darwin)
internal import Darwin
#endif

/// A library that is linked with the tool, which the loader opens before it starts.
struct LinkedLibrary {
    /// How a library tells its version.
    private enum Telling {
        /// A function returns a text that contains it.
        case text(String)
        /// A function returns a number: the parts of the version in base `radix`.
        case number(String, radix: Int)
        /// The file that has a function contains it behind a text.
        case file(of: String, after: String)
    }

    let name: String
    private let telling: Telling

    static let all = [
        LinkedLibrary(name: "libjpeg-turbo", telling: .file(of: "tjInitDecompress", after: "libjpeg-turbo version ")),
        LinkedLibrary(name: "libpng", telling: .number("png_access_version_number", radix: 100)),
        LinkedLibrary(name: "zlib", telling: .text("zlibVersion")),
        LinkedLibrary(name: "libwebp", telling: .number("WebPGetDecoderVersion", radix: 256)),
        LinkedLibrary(name: "libtiff", telling: .text("TIFFGetVersion")),
        LinkedLibrary(name: "OpenJPEG", telling: .text("opj_version")),
        LinkedLibrary(name: "libde265", telling: .text("de265_get_version")),
        LinkedLibrary(name: "libavif", telling: .text("avifVersion")),
        LinkedLibrary(name: "dav1d", telling: .text("dav1d_version")),
        LinkedLibrary(name: "libjxl", telling: .number("JxlDecoderVersion", radix: 1000)),
        LinkedLibrary(name: "libbz2", telling: .text("BZ2_bzlibVersion")),
        LinkedLibrary(name: "liblzma", telling: .text("lzma_version_string")),
        LinkedLibrary(name: "libzstd", telling: .text("ZSTD_versionString")),
        LinkedLibrary(name: "libcrypto (OpenSSL)", telling: .text("OpenSSL_version")),
    ]

    /// The version, such as `1.6.39`; `nil` if the library does not tell it.
    var version: String? {
        switch telling {
        case .text(let symbol):
            // The argument is for OpenSSL, which has several texts; other functions do not look at it.
            typealias Function = @convention(c) (CInt) -> UnsafePointer<CChar>?
            guard let text = Self.find(symbol).map({ unsafeBitCast($0, to: Function.self) })?(0) else { return nil }
            return Self.number(in: String(cString: text)[...])
        case .number(let symbol, let radix):
            typealias Function = @convention(c) () -> UInt32
            guard let value = Self.find(symbol).map({ unsafeBitCast($0, to: Function.self) })?() else { return nil }
            let (number, radix) = (Int(value), radix)
            return "\(number / radix / radix).\(number / radix % radix).\(number % radix)"
        case .file(let symbol, let before):
            guard let file = LoadedLibrary.file(of: symbol), let bytes = try? FileBytes.read(file),
                let found = bytes.firstRange(of: Array(before.utf8))
            else { return nil }
            return Self.number(in: String(decoding: bytes[found.upperBound...].prefix(20), as: UTF8.self)[...])
        }
    }

    private static func find(_ symbol: String) -> UnsafeMutableRawPointer? {
        dlopen(nil, RTLD_NOW).flatMap { dlsym($0, symbol) }
    }

    /// The first number with dots in a text.
    private static func number(in text: Substring) -> String? {
        text.firstMatch(of: /[0-9]+(\.[0-9]+)+/).map { String($0.0) }
    }
}
