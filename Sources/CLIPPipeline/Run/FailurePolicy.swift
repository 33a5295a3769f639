/// What one bad image does to a run.
public enum FailurePolicy: Sendable, Hashable {
    /// It is recorded among the failed images and the run continues.
    case record
    /// It ends the run with an error that names it; what was embedded before is stored, as when a run is stopped.
    case stop
}
