internal import CLIPCore
internal import CLIPPipeline
internal import Synchronization

/// Shows the progress of a run: a bar on a terminal, a plain line every few seconds elsewhere.
final class TextLog: RunLog {
    private static let barWidth = 30
    private static let shownFailures = 20
    private static let shownDamage = 20

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
                if let count { Terminal.printError(Text.count(count, "image")) }
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
            Terminal.printError("Stopping after the current batch. Press Ctrl-C again to stop immediately.")
        }
    }

    func showNote(_ text: String) {
        state.withLock { closeLine(&$0) }
        Terminal.printError(Text.printable(text))
    }

    func showWarning(_ text: String) {
        state.withLock { closeLine(&$0) }
        Terminal.printError("warning: \(Text.printable(text))")
    }

    func showRepair(doubled count: Int) {
        guard count > 0 else { return }
        state.withLock { closeLine(&$0) }
        Terminal.printError(
            "Repaired: \(Text.count(count, "image")) stored more than once, because two runs wrote to the store at the same "
                + "time. The newest vector of each was kept."
        )
    }

    func showFailure(_ error: any Error) -> Bool {
        state.withLock { closeLine(&$0) }
        return false
    }

    func showEnd(_ result: RunSummary, store: String) throws {
        state.withLock { closeLine(&$0) }
        for image in result.damagedImages.prefix(Self.shownDamage) {
            Terminal.printError(Text.printable("damaged \(image.id): \(image.reason)"))
        }
        let skipped = result.unchanged > 0 ? ", \(result.unchanged) skipped (unchanged)" : ""
        let counts =
            "\(Text.count(result.progress.processed, "image")): \(result.embedded) embedded\(skipped), \(result.failed) failed"
        let damaged = Self.damage(result.damaged)
        let pruned =
            result.pruned > 0
            ? "\n\(result.pruned) pruned: their images no longer exist or are no longer in the sources" : ""
        let notPruned =
            result.skippedPruning
            ? "\nNothing \(result.pruned > 0 ? "else " : "")was pruned: some sources could not be read, "
                + "so their images may still exist." : ""
        let rate = "\(Text.fixed(result.progress.rate, digits: 1)) images/s, \(Text.duration(result.progress.elapsed))"
        let failures = result.failed > 0 ? "\n\(Self.failures(store))" : ""
        let rest = !result.isComplete ? "\nStopped. Rerun the same command to resume." : ""
        let load = result.progress.load.bottleneck == nil ? "" : "\n\(Self.text(result.progress.load))"
        try Terminal.print(
            "\(counts) (\(rate))\(load)\(damaged)\(pruned)\(notPruned)\nStore: \(store)\(failures)\(rest)"
        )
    }

    /// A line for the summary; empty if no image was damaged.
    private static func damage(_ count: Int) -> String {
        guard count > 0 else { return "" }
        let verb = count == 1 ? "was damaged and read as far as it goes" : "were damaged and read as far as they go"
        return "\n\(Text.count(count, "image")) \(verb): see the store's column source_damage"
    }

    /// For example `busy: read 2 %, decode 31 %, preprocess 38 %, encode 97 %, write 1 %; bottleneck: encode`.
    private static func text(_ load: StageLoad) -> String {
        let shares = StageLoad.stages.map { "\($0.rawValue) \(Text.fixed(load.share(of: $0) * 100, digits: 0)) %" }
        let verdict = load.bottleneck.map { "; bottleneck: \($0.rawValue)" } ?? ""
        return "busy: \(shares.joined(separator: ", "))\(verdict)"
    }

    private static func failures(_ store: String) -> String {
        "Failed images: \(store)/rejects.parquet; to count them by reason: clip-cli store info \(store.shellWord)"
    }

    private func showFailure(_ image: FailedImage, _ state: inout State) {
        guard state.failures <= Self.shownFailures + 1 else { return }
        closeLine(&state)
        let isLast = state.failures > Self.shownFailures
        Terminal.printError(
            isLast
                ? "more images failed; rejects.parquet lists them all"
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
            Terminal.redraw("\(bar(progress))\(line)")
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

    /// The bar and a space; empty if the number of images is unknown.
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
