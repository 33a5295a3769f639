internal import CLIPCore
internal import CLIPPipeline
internal import Synchronization

/// Shows how a run proceeds: a bar on a terminal, a plain line now and then elsewhere.
final class TextLog: RunLog {
    private static let barWidth = 30
    private static let shownFailures = 20

    private struct State {
        var failures = 0
        var lastShown = Duration.zero
        var isLineOpen = false
    }

    private let state = Mutex(State())
    private let isInteractive = Terminal.isInteractive

    func show(_ event: RunEvent) {
        state.withLock { state in
            switch event {
            case .started(let count):
                if let count { Terminal.printError("\(count) images") }
            case .failed(let image):
                state.failures += 1
                showFailure(image, &state)
            case .progress(let progress):
                showProgress(progress, &state)
            case .finished: break
            }
        }
    }

    func showStopping() {
        state.withLock { state in
            closeLine(&state)
            Terminal.printError("Stopping after the batch in flight. Press Ctrl-C again to stop at once.")
        }
    }

    func showWarning(_ text: String) {
        state.withLock { closeLine(&$0) }
        Terminal.printError("warning: \(Text.printable(text))")
    }

    func showRepair(doubled count: Int) {
        guard count > 0 else { return }
        state.withLock { closeLine(&$0) }
        Terminal.printError(
            "\(count) images were in the store more than once, because two runs wrote to it at the same time. The last vector of "
                + "each stays."
        )
    }

    func showFailure(_ error: any Error) -> Bool {
        state.withLock { closeLine(&$0) }
        return false
    }

    func showEnd(_ result: RunSummary, store: String) throws {
        state.withLock { closeLine(&$0) }
        let unchanged = result.unchanged > 0 ? " + \(result.unchanged) unchanged" : ""
        let embedded = "\(result.embedded) embedded\(unchanged)"
        let counts = "\(result.progress.processed) images = \(embedded) + \(result.failed) failed"
        let pruned = result.pruned > 0 ? "\n\(result.pruned) removed from the store: their images are gone" : ""
        let notPruned =
            result.skippedPruning
            ? "\nNothing \(result.pruned > 0 ? "else " : "")was removed: a part of the sources could not be read, "
                + "and its images may still be there." : ""
        let rate = "\(Text.fixed(result.progress.rate, digits: 1)) images/s, \(Text.duration(result.progress.elapsed))"
        let failures = result.failed > 0 ? "\nWhy images failed: \(store)/rejects.parquet" : ""
        let rest = !result.isComplete ? "\nStopped. Run the same command again: it continues from here." : ""
        let load = result.progress.load.bottleneck == nil ? "" : "\n\(Self.text(result.progress.load))"
        try Terminal.print("\(counts) (\(rate))\(load)\(pruned)\(notPruned)\nEmbeddings: \(store)\(failures)\(rest)")
    }

    /// For example `busy: read 2 %, decode 31 %, preprocess 38 %, encode 97 %, write 1 %; bottleneck: encode`.
    private static func text(_ load: StageLoad) -> String {
        let shares = StageLoad.stages.map { "\($0.rawValue) \(Text.fixed(load.share(of: $0) * 100, digits: 0)) %" }
        let verdict = load.bottleneck.map { "; bottleneck: \($0.rawValue)" } ?? ""
        return "busy: \(shares.joined(separator: ", "))\(verdict)"
    }

    private func showFailure(_ image: FailedImage, _ state: inout State) {
        guard state.failures <= Self.shownFailures + 1 else { return }
        closeLine(&state)
        let isLast = state.failures > Self.shownFailures
        Terminal.printError(
            isLast
                ? "more images fail; they are all listed in rejects.parquet"
                : Text.printable("failed (\(image.stage.rawValue)) \(image.id): \(image.reason)")
        )
    }

    private func showProgress(_ progress: RunProgress, _ state: inout State) {
        let pause: Duration = isInteractive ? .milliseconds(100) : .seconds(10)
        let isLast = progress.processed == progress.total
        guard isLast || progress.elapsed - state.lastShown >= pause else { return }
        state.lastShown = progress.elapsed
        let line = line(progress)
        if isInteractive {
            Terminal.printError("\r\u{1B}[K\(bar(progress))\(line)", terminator: "")
            state.isLineOpen = true
        } else {
            Terminal.printError("\(line); \(Self.text(progress.load))")
        }
    }

    private func line(_ progress: RunProgress) -> String {
        let failed = progress.failed > 0 ? ", \(progress.failed) failed" : ""
        let left = progress.remaining.map { ", \(Text.duration($0)) left" } ?? ""
        let rate = Text.fixed(progress.rate, digits: 1)
        let total = progress.total.map { "/\($0)" } ?? ""
        return "\(progress.processed)\(total) images, \(rate) images/s\(failed)\(left)"
    }

    /// The bar and a space; nothing where the number of images is not known.
    private func bar(_ progress: RunProgress) -> String {
        guard let total = progress.total, total > 0 else { return "" }
        let filled = Self.barWidth * min(progress.processed, total) / total
        let bar = String(repeating: "#", count: filled) + String(repeating: "-", count: Self.barWidth - filled)
        return "[\(bar)] "
    }

    private func closeLine(_ state: inout State) {
        if state.isLineOpen { Terminal.printError("") }
        state.isLineOpen = false
    }
}
