internal import ArgumentParser
internal import CLIPCore
internal import CLIPDatabase

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#elseif canImport(Darwin)
internal import Darwin
#endif

/// The driver of a database.
struct DatabaseDriverOption: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "ADBC driver library for the database (default: libadbc_driver_NAME.so of ADBC_DRIVER_PATH or 'make setup').",
            valueName: "file"
        )
    )
    var databaseDriver: String?
}

/// A database as the command line names it.
enum DatabaseArgument {
    static let help = "postgresql://host/name, a .sqlite or .db file, or env:NAME for a URL in the environment"

    private static let prefix = "env:"

    /// Refuses a URL with a password, which anyone on this machine can read while the tool runs.
    static func check(_ argument: String, option: String) throws {
        guard !argument.hasPrefix(prefix) else { return }
        do {
            guard try Database.holdsPassword(argument) else { return }
        } catch let error as CLIPError {
            throw ValidationError("\(option): \(error.message)")
        }
        throw ValidationError(
            "\(option) contains a password, which others can see in the list of processes. Remove it, and set PGPASSWORD or "
                + "write it to ~/.pgpass; or put the whole URL into a variable and pass env:NAME."
        )
    }

    /// Opens the database.
    static func database(_ argument: String, driver: String?) throws -> Database {
        guard argument.hasPrefix(prefix) else { return try Database(url: argument, driver: driver) }
        let name = String(argument.dropFirst(prefix.count))
        guard let url = getenv(name) else {
            throw CLIPError(.notFound, "The environment has no variable '\(name)'. Set it to the database's URL.")
        }
        return try Database(url: String(cString: url), driver: driver)
    }
}

extension ReadingOptions {
    /// Whether neither a list nor a database is given.
    var isEmpty: Bool { filesFrom.isEmpty && database == nil }

    /// Checks the options that name a database and its images.
    func checkDatabase() throws {
        guard let database else {
            guard query == nil else { throw ValidationError("--query needs --database.") }
            return
        }
        guard query != nil else { throw ValidationError("--database needs --query.") }
        try DatabaseArgument.check(database, option: "--database")
    }
}
