internal import CLIPCore

/// Numbers, names and tables as text.
enum Text {
    /// An error's message, followed by its causes, one per line, if there are several.
    static func lines(of error: CLIPError) -> String {
        guard let causes = error.cause as? ErrorList else { return printable("\(error)") }
        return ([error.message] + causes.entries.map { "  \($0)" }).map(printable).joined(separator: "\n")
    }

    /// A number with a fixed number of decimals.
    static func fixed(_ value: Double, digits: Int) -> String {
        DecimalText.fixed(value, digits: digits)
    }

    /// For example `1 image` or `2 images`.
    static func count(_ number: Int, _ what: String) -> String {
        "\(number) \(what)\(number == 1 ? "" : "s")"
    }

    /// A time such as `3.2 s`, `4 min 10 s` or `2 h 5 min`.
    static func duration(_ duration: Duration) -> String {
        let seconds = duration / .seconds(1)
        if seconds < 60 { return "\(fixed(seconds, digits: 1)) s" }
        let whole = Int(seconds.rounded())
        if whole < 3600 { return "\(whole / 60) min \(whole % 60) s" }
        return "\(whole / 3600) h \(whole % 3600 / 60) min"
    }

    /// A number of bytes such as `512 B`, `3.4 KiB` or `1.2 GiB`.
    static func size(_ bytes: Int) -> String {
        guard bytes >= 1024 else { return "\(bytes) B" }
        var value = Double(bytes) / 1024
        var units = ["KiB", "MiB", "GiB"][...]
        while value >= 1024, units.count > 1 {
            value /= 1024
            units.removeFirst()
        }
        return "\(fixed(value, digits: 1)) \(units[units.startIndex])"
    }

    /// Columns as wide as their widest cell, right-aligned except those in `leftAligned`.
    static func table(header: [String], rows: [[String]], leftAligned: Set<Int> = [0]) -> String {
        let lines = [header] + rows
        let widths = header.indices.map { column in lines.map { $0[column].count }.max() ?? 0 }
        return lines.map { cells in
            cells.enumerated().map { column, cell in
                let space = String(repeating: " ", count: widths[column] - cell.count)
                return leftAligned.contains(column) ? cell + space : space + cell
            }.joined(separator: "  ")
        }.joined(separator: "\n")
    }
}
