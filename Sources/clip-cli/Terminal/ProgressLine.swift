/// Shows the progress of a long computation: one redrawn line on a terminal, a new line every few seconds elsewhere.
struct ProgressLine {
    private let isInteractive = Terminal.isInteractive
    private let start = ContinuousClock.now
    private var lastShown = ContinuousClock.now
    private var isOpen = false

    /// Shows the progress, unless it was shown a moment ago.
    ///
    /// Computations of less than a second show nothing.
    mutating func show(done: Int, of total: Int, _ what: String) {
        let now = ContinuousClock.now
        let pause: Duration = isOpen ? .milliseconds(100) : isInteractive ? .seconds(1) : .seconds(10)
        guard now - lastShown >= pause else { return }
        lastShown = now
        let share = Double(done) / Double(max(total, 1))
        let rest = share > 0 ? ", \(Text.duration((now - start) * ((1 - share) / share))) left" : ""
        let text = "\(Text.fixed(share * 100, digits: 1)) % of \(what)\(rest)"
        if isInteractive { Terminal.redraw(text) } else { Terminal.printError(text) }
        isOpen = isInteractive
    }

    /// Ends the redrawn line.
    mutating func close() {
        if isOpen { Terminal.printError("") }
        isOpen = false
    }
}
