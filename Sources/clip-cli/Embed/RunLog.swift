internal import CLIPCore
internal import CLIPPipeline

/// Tells how a run proceeds.
protocol RunLog: Sendable {
    /// Shows what happened.
    func show(_ event: RunEvent)

    /// Shows that the run was asked to stop.
    func showStopping()

    /// Shows what libtorch warns of.
    func showWarning(_ text: String)

    /// Shows how many images the store held more than once.
    func showRepair(doubled count: Int)

    /// Shows how the run ended.
    ///
    /// - Throws: `CLIPError` with code `storage` when it cannot be written.
    func showEnd(_ result: RunSummary, store: String) throws

    /// Shows what ended the run before its time, and says whether nobody else needs to.
    func showFailure(_ error: any Error) -> Bool
}
