internal import ArgumentParser

/// Texts on the command line, or one a line on standard input.
struct TextArguments: ParsableArguments {
    @Argument(help: ArgumentHelp("Texts; a single - reads one a line from standard input.", valueName: "text"))
    var texts: [String] = []

    func validate() throws {
        guard !texts.isEmpty else { throw ValidationError("Give at least one text, or - to read them.") }
    }

    /// The texts, in order.
    func read() -> [String] {
        guard texts == ["-"] else { return texts }
        var lines: [String] = []
        while let line = readLine() {
            lines.append(line)
        }
        return lines
    }
}
