internal import ArgumentParser
internal import CLIPDatabase

/// The table of a database that is written.
struct TableOutput: ParsableArguments {
    @Option(help: ArgumentHelp("Table to write, NAME or SCHEMA.NAME; its key is the image's id.", valueName: "name"))
    var table: String?

    @Option(
        help: ArgumentHelp(
            "If the table exists: fail, replace it, or update rows with the same id and add the others (upsert).",
            valueName: "fail|replace|upsert"
        )
    )
    var ifExists = IfExists.fail

    @OptionGroup var driver: DatabaseDriverOption

    /// Checks an option that names the database.
    func check(_ database: String?, option: String) throws {
        guard let database else {
            guard table == nil else { throw ValidationError("--table needs \(option).") }
            return
        }
        guard table != nil else { throw ValidationError("\(option) needs --table.") }
        try DatabaseArgument.check(database, option: option)
    }
}

/// The values of `--if-exists`.
enum IfExists: String, CaseIterable, ExpressibleByArgument {
    case fail
    case replace
    case upsert

    var value: ExistingTable {
        switch self {
        case .fail: .fail
        case .replace: .replace
        case .upsert: .upsert
        }
    }
}
