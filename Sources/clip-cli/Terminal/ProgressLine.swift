/// Tells how far something long has come: a line drawn again and again on a terminal, one now and then elsewhere.
struct ProgressLine {
    private let isInteractive = Terminal.isInteractive
    private let start = ContinuousClock.now
    private var lastShown = ContinuousClock.now
    private var isOpen = false

    /// Shows the state, unless the last one was shown just now.
    ///
    /// What takes less than a second shows nothing.
    mutating func show(done: Int, of total: Int, _ what: String) {
        let now = ContinuousClock.now
        let pause: Duration = isOpen ? .milliseconds(100) : isInteractive ? .seconds(1) : .seconds(10)
        guard now - lastShown >= pause else { return }
        lastShown = now
        let share = Double(done) / Double(max(total, 1))
        let rest = share > 0 ? ", \(Text.duration((now - start) * ((1 - share) / share))) left" : ""
        let text = "\(Text.fixed(share * 100, digits: 1)) % of \(what)\(rest)"
        Terminal.printError(isInteractive ? "\r\u{1B}[K\(text)" : text, terminator: isInteractive ? "" : "\n")
        isOpen = isInteractive
    }

    /// Ends the line that is drawn again.
    mutating func close() {
        if isOpen { Terminal.printError("") }
        isOpen = false
    }
}
