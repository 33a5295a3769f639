internal import ArgumentParser
internal import CLIPCore

/// Checks the names of commands, because the parser counts an unknown one among surplus arguments.
enum CommandNames {
    /// Follows the arguments from a command to its subcommands.
    ///
    /// - Throws: `ValidationError` that names a word where a subcommand belongs, and the subcommands.
    static func check(_ arguments: [String], of root: any ParsableCommand.Type) throws {
        var command = root
        for word in arguments {
            let subcommands = command.configuration.subcommands
            guard !subcommands.isEmpty, !word.hasPrefix("-"), word != "help" else { return }
            guard let next = subcommands.first(where: { $0.configuration.commandName == word }) else {
                throw unknown(word, of: command, subcommands.compactMap { $0.configuration.commandName })
            }
            command = next
        }
    }

    private static func unknown(
        _ word: String,
        of command: any ParsableCommand.Type,
        _ known: [String]
    )
        -> ValidationError
    {
        let near = Spelling.nearest(to: word, among: known).map { " Did you mean '\($0)'?" } ?? ""
        let name = command.configuration.commandName ?? ""
        return ValidationError(
            "'\(word)' is not a command of '\(name)'.\(near) Known: \(known.joined(separator: ", "))."
        )
    }
}
