/// The exit codes of the tool.
enum ExitStatus: Int32, Error {
    case done = 0
    case doneWithFailures = 1
    case wrongUse = 2
    case cannotRun = 3
    /// As shells report a process that Ctrl-C ended.
    case stopped = 130
}
