internal import ArgumentParser

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
