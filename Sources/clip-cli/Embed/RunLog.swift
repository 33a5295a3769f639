internal import CLIPCore
internal import CLIPPipeline

/// Reports the progress of a run.
protocol RunLog: Sendable {
    /// Shows what happened.
    func show(_ event: RunEvent)

    /// Shows that the run was asked to stop.
    func showStopping()

    /// Shows something worth knowing that needs no action.
    func showNote(_ text: String)

    /// Shows a warning.
    func showWarning(_ text: String)

    /// Shows how many images were stored more than once and have been repaired.
    func showRepair(doubled count: Int)

    /// Shows how the run ended.
    ///
    /// - Throws: `CLIPError` with code `storage` when it cannot be written.
    func showEnd(_ result: RunSummary, store: String) throws

    /// Shows the error that ended the run, unless the caller is to show it.
    ///
    /// - Returns: Whether it was shown.
    func showFailure(_ error: any Error) -> Bool
}
