internal import CLIPCore
internal import Synchronization

/// Shows how a run goes on: a bar on a terminal, a plain line now and then elsewhere.
final class ProgressDisplay: Sendable {
    private static let barWidth = 30
    private static let shownRejects = 20

    private struct State {
        var rejects = 0
        var lastShown = Duration.zero
        var isLineOpen = false
    }

    private let state = Mutex(State())
    private let isInteractive = Terminal.isInteractive

    func show(_ event: RunEvent) {
        state.withLock { state in
            switch event {
            case .started(let count):
                Terminal.printError("\(count) images")
            case .rejected(let image):
                state.rejects += 1
                showReject(image, &state)
            case .progress(let progress):
                showProgress(progress, &state)
            }
        }
    }

    /// Ends the bar's line.
    func finish() {
        state.withLock { closeLine(&$0) }
    }

    private func showReject(_ image: RejectedImage, _ state: inout State) {
        guard state.rejects <= Self.shownRejects + 1 else { return }
        closeLine(&state)
        let isLast = state.rejects > Self.shownRejects
        Terminal.printError(
            isLast
                ? "more images are rejected; they are all listed at the end in rejects.parquet"
                : Text.printable("rejected (\(image.stage.rawValue)) \(image.id): \(image.reason)")
        )
    }

    private func showProgress(_ progress: RunProgress, _ state: inout State) {
        let pause: Duration = isInteractive ? .milliseconds(100) : .seconds(10)
        let isLast = progress.processed >= progress.total
        guard isLast || progress.elapsed - state.lastShown >= pause else { return }
        state.lastShown = progress.elapsed
        let line = line(progress)
        if isInteractive {
            Terminal.printError("\r\u{1B}[K\(bar(progress)) \(line)", terminator: "")
            state.isLineOpen = true
        } else {
            Terminal.printError(line)
        }
    }

    private func line(_ progress: RunProgress) -> String {
        let rejected = progress.rejected > 0 ? ", \(progress.rejected) rejected" : ""
        let left = progress.remaining.map { ", \(Text.duration($0)) left" } ?? ""
        let rate = Text.fixed(progress.rate, digits: 1)
        return "\(progress.processed)/\(progress.total) images, \(rate) images/s\(rejected)\(left)"
    }

    private func bar(_ progress: RunProgress) -> String {
        let filled = Self.barWidth * min(progress.processed, progress.total) / max(progress.total, 1)
        return "[" + String(repeating: "#", count: filled) + String(repeating: "-", count: Self.barWidth - filled) + "]"
    }

    private func closeLine(_ state: inout State) {
        if state.isLineOpen { Terminal.printError("") }
        state.isLineOpen = false
    }
}
