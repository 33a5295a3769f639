/// Texts on the command line, or on standard input, one per line.
enum TextLines {
    /// The texts, in order; a single `-` stands for standard input.
    static func read(_ arguments: [String]) -> [String] {
        guard arguments == ["-"] else { return arguments }
        var lines: [String] = []
        while let line = readLine() {
            lines.append(line)
        }
        return lines
    }
}
