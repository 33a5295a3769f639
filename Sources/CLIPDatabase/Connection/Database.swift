internal import CLIPCore

/// A database that images come from or results go to: PostgreSQL, SQLite, or any other with an ADBC driver.
///
/// ```swift
/// let database = try Database(url: "postgresql://db.example.org/photos")
/// let images = try database.images(query: "SELECT id, path, taken_at FROM photos WHERE NOT hidden")
/// ```
///
/// PostgreSQL takes what the URL leaves out from where its users keep it: variables such as `PGHOST`, `PGUSER` and
/// `PGPASSWORD`, `~/.pgpass`, and service files. A password in the URL is in no message, store or log of this library.
public struct Database: Sendable {
    let url: DatabaseURL
    let driver: DatabaseDriver

    /// Loads the driver of a database; connects to nothing yet.
    ///
    /// - Parameters:
    ///   - url: `postgresql://user@host:port/name`, in which everything after `//` may be missing; `sqlite:///path`, or a
    ///     path that ends in `.sqlite`, `.sqlite3`, `.db` or `.db3`; or the URL of another database, whose driver is
    ///     named like its scheme.
    ///   - driver: The path of the driver's library. By default `libadbc_driver_NAME.so` in a folder of the environment's
    ///     `ADBC_DRIVER_PATH`, or where `make setup` installs it, or among the system's libraries.
    /// - Throws: `CLIPError` with code `unsupportedFormat` if this is no such URL, or `missingLibrary` if there is no
    ///   driver.
    public init(url: String, driver: String? = nil) throws {
        self.url = try DatabaseURL(url)
        self.driver = try DatabaseDriver.driver(self.url.driverName, path: driver)
    }

    /// The URL without passwords.
    package var publicURL: String { url.publicText }

    /// Whether a URL contains a password, which others see in the list of processes if it is an argument.
    package static func holdsPassword(_ url: String) throws -> Bool {
        try DatabaseURL(url).holdsPassword
    }
}

extension Database {
    /// What the driver is given as the database's address.
    ///
    /// - Throws: `CLIPError` with code `notFound` if an SQLite file to read does not exist: SQLite would create it.
    func driverURI(for access: DatabaseConnection.Access) throws -> String {
        guard let path = url.path else { return url.text }
        if access == .reading, case .folder = try PathKind(path) {
            throw CLIPError(.unreadable, "\(path) is a folder, not an SQLite file.")
        }
        // What follows two slashes would be the name of a host.
        let isAbsolute = path.hasPrefix("/")
        let characters = path.utf8.drop { isAbsolute && $0 == UInt8(ascii: "/") }.map { byte in
            let character = Character(UnicodeScalar(byte))
            let isPlain = byte < 0x80 && (character.isLetter || character.isNumber || "/._-".contains(character))
            let digits = String(byte, radix: 16, uppercase: true)
            return isPlain ? String(UnicodeScalar(byte)) : "%" + (digits.count < 2 ? "0" : "") + digits
        }
        return "file:\(isAbsolute ? "/" : "")\(characters.joined())?mode=\(access == .reading ? "ro" : "rwc")"
    }

    /// The error for what a driver reports, without passwords.
    func error(_ failure: DriverFailure, _ action: String, _ code: CLIPError.Code) -> CLIPError {
        let error = CLIPError(code, "\(publicURL): cannot \(action): \(url.redacted(failure.message))")
        let isRefused = failure.sqlState.hasPrefix("28") || failure.message.contains("password")
        guard url.dialect == .postgresql, isRefused else { return error }
        return error.advising("Set PGUSER and PGPASSWORD in the environment, or write the password to ~/.pgpass.")
    }

    /// Does something with the database, and throws errors that name it.
    func attempt<Value>(_ action: String, _ code: CLIPError.Code, _ body: () throws -> Value) throws -> Value {
        do {
            return try body()
        } catch let failure as DriverFailure {
            throw error(failure, action, code)
        }
    }
}
