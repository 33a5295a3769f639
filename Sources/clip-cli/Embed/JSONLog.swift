internal import CLIPCore
internal import CLIPPipeline
internal import Synchronization

#if canImport(FoundationEssentials)
internal import FoundationEssentials
#else
internal import Foundation
#endif

/// Reports the progress of a run as JSON Lines on standard error.
///
/// Each line has an `event`: `started`, `failed` (an image), `progress` (at most once per second), `stopping`, `warning`,
/// `repaired`, `damaged` (an image that was embedded all the same; the first 100, at the end), `finished`, or `aborted` (an
/// error ended the run). Times are in seconds, shares from 0 to 1.
final class JSONLog: RunLog {
    private static let pause = Duration.seconds(1)

    private struct Line: Encodable {
        let event: String
        var id: String?
        var stage: String?
        var reason: String?
        var bytes: Int?
        var message: String?
        var store: String?
        var ending: String?
        var total: Int?
        var processed: Int?
        var embedded: Int?
        var skipped: Int?
        var failed: Int?
        var damaged: Int?
        var pruned: Int?
        var pruningSkipped: Bool?
        var elapsed: Double?
        var rate: Double?
        var remaining: Double?
        var busy: [String: Double]?
        var bottleneck: String?
        var images: Int?

        init(_ event: String) {
            self.event = event
        }

        init(_ event: String, _ progress: RunProgress) {
            self.event = event
            total = progress.total
            processed = progress.processed
            embedded = progress.embedded
            skipped = progress.unchanged
            failed = progress.failed
            damaged = progress.damaged
            elapsed = progress.elapsed / .seconds(1)
            rate = progress.rate
            remaining = progress.remaining.map { $0 / .seconds(1) }
            let shares = StageLoad.stages.map { ($0.rawValue, progress.load.share(of: $0)) }
            busy = Dictionary(uniqueKeysWithValues: shares)
            bottleneck = progress.load.bottleneck?.rawValue
        }
    }

    private let lastShown = Mutex<Duration?>(nil)

    func show(_ event: RunEvent) {
        switch event {
        case .started(let count):
            var line = Line("started")
            line.total = count
            print(line)
        case .failed(let image):
            var line = Line("failed")
            line.id = image.id
            line.stage = image.stage.rawValue
            line.reason = image.reason
            line.bytes = image.byteCount
            print(line)
        case .progress(let progress):
            let isDue = lastShown.withLock { last in
                if let last, progress.elapsed - last < Self.pause { return false }
                last = progress.elapsed
                return true
            }
            if isDue { print(Line("progress", progress)) }
        case .finished: break
        }
    }

    func showStopping() {
        print(Line("stopping"))
    }

    func showEnd(_ result: RunSummary, store: String) {
        for image in result.damagedImages {
            var line = Line("damaged")
            line.id = image.id
            line.reason = image.reason
            print(line)
        }
        var line = Line("finished", result.progress)
        line.store = store
        line.pruned = result.pruned
        line.pruningSkipped = result.skippedPruning
        line.ending = result.isComplete ? "complete" : "stopped"
        print(line)
    }

    func showNote(_ text: String) {
        showMessage(text, kind: "note")
    }

    func showWarning(_ text: String) {
        showMessage(text, kind: "warning")
    }

    private func showMessage(_ text: String, kind: String) {
        var line = Line(kind)
        line.message = text
        print(line)
    }

    func showRepair(doubled count: Int) {
        guard count > 0 else { return }
        var line = Line("repaired")
        line.images = count
        print(line)
    }

    func showFailure(_ error: any Error) -> Bool {
        var line = Line("aborted")
        line.message = "\(error)"
        print(line)
        return true
    }

    private func print(_ line: Line) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.keyEncodingStrategy = .convertToSnakeCase
        guard let text = try? encoder.encode(line) else { preconditionFailure("numbers of a log are finite") }
        Terminal.printError(json: String(decoding: text, as: UTF8.self))
    }
}
