internal import CLIPCore

/// How many images may fail before a run stops.
public enum FailureLimit: Sendable, Hashable {
    /// A number of images.
    case count(Int)
    /// A fraction of the images, 0…1: of all images if their number is known, otherwise of those processed so far, once
    /// there are at least 1,000.
    case share(Double)

    private static let fewestImages = 1000

    /// Throws if a run exceeds the limit.
    ///
    /// - Throws: `CLIPError` with code `tooManyFailures` that names the most common reason.
    func requireNotExceeded(by progress: RunProgress, _ tally: FailureTally) throws {
        guard isExceeded(by: progress), let most = tally.mostCommon.first else { return }
        throw CLIPError(
            .tooManyFailures,
            "\(progress.failed) of \(progress.processed) images failed, more than the limit of \(text). "
                + "Most common, \(most.count) times, at the stage '\(most.stage?.rawValue ?? "")': \(most.reason) "
                + "Fix the cause and start the same run again: it resumes from here."
        )
    }

    private func isExceeded(by progress: RunProgress) -> Bool {
        switch self {
        case .count(let count):
            return progress.failed > count
        case .share(let share):
            guard let images = progress.total ?? (progress.processed >= Self.fewestImages ? progress.processed : nil)
            else { return false }
            return Double(progress.failed) > share * Double(images)
        }
    }
}

extension FailureLimit {
    /// The limit in human-readable form, for example `500` or `2.5 %`.
    package var text: String {
        switch self {
        case .count(let count): "\(count)"
        case .share(let share): "\(Self.percentage(share)) %"
        }
    }

    /// Rounds away the digits left by dividing a percentage by 100 and multiplying it again.
    private static func percentage(_ share: Double) -> String {
        let text = "\((share * 1e14).rounded() / 1e12)"
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }
}
