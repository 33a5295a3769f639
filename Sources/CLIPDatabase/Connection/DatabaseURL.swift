internal import CLIPCore
internal import CLIPPipeline

/// The URL of a database, taken apart.
package struct DatabaseURL: Sendable {
    /// The kinds of SQL that are written here.
    enum Dialect: Sendable {
        case postgresql
        case sqlite
        case other
    }

    private static let fileExtensions = [".sqlite", ".sqlite3", ".db", ".db3"]

    /// As given, possibly with a password.
    let text: String
    /// Without passwords.
    package let publicText: String
    /// What driver libraries for it are named after, such as `postgresql`.
    let driverName: String
    let dialect: Dialect
    /// The path of an SQLite file.
    package let path: String?
    /// Passwords, as written and decoded.
    private let secrets: [String]

    /// Takes apart a URL, or the path of an SQLite file.
    ///
    /// - Throws: `CLIPError` with code `unsupportedFormat`.
    package init(_ text: String) throws {
        self.text = text
        guard let scheme = ImageLocations.scheme(of: text) else {
            // The text is not repeated: it may contain a password.
            guard Self.isPath(text) else {
                throw CLIPError(
                    .unsupportedFormat,
                    "This is not the URL of a database. Pass postgresql://host/name, sqlite:///path, or a path that ends in "
                        + "\(Self.fileExtensions.joined(separator: ", "))."
                )
            }
            (driverName, dialect, path) = ("sqlite", .sqlite, text)
            (publicText, secrets) = (text, [])
            return
        }
        switch scheme {
        case "postgresql", "postgres": (driverName, dialect, path) = ("postgresql", .postgresql, nil)
        case "sqlite":
            let rest = text.utf8.dropFirst("sqlite://".utf8.count).prefix { $0 != UInt8(ascii: "?") }
            guard rest.first == UInt8(ascii: "/"), rest.count > 1 else {
                throw CLIPError(
                    .unsupportedFormat,
                    "\(DatabaseSecrets(text).publicText) has no path. Write sqlite:///folder/photos.sqlite, with three slashes, or the path alone."
                )
            }
            (driverName, dialect) = ("sqlite", .sqlite)
            path = String(decoding: PercentEncoding.decoded(rest), as: UTF8.self)
        default: (driverName, dialect, path) = (scheme, .other, nil)
        }
        let found = DatabaseSecrets(text)
        // PostgreSQL's messages would repeat pieces of the password.
        guard dialect != .postgresql || !found.isAmbiguous else {
            throw CLIPError(
                .unsupportedFormat,
                "The URL of the database contains a password, and an unencoded /, @, ? or # in it or before its last @. "
                    + "Percent-encode these characters as %2F, %40, %3F and %23."
            )
        }
        secrets = found.passwords.flatMap { [$0, String(decoding: PercentEncoding.decoded($0.utf8), as: UTF8.self)] }
        publicText = found.publicText
    }

    /// Whether it contains a password.
    package var holdsPassword: Bool { !secrets.isEmpty }

    /// A text without the passwords of this URL.
    package func redacted(_ text: String) -> String {
        let text = text.replacing(self.text, with: publicText)
        return secrets.reduce(text) { $0.replacing($1, with: "***") }
    }

    private static func isPath(_ text: String) -> Bool {
        fileExtensions.contains(where: text.lowercased().hasSuffix) && !text.utf8.contains(0)
    }
}
