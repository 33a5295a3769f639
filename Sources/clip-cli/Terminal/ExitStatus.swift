/// The exit codes of the tool.
enum ExitStatus: Int32, Error, CaseIterable {
    case done = 0
    case someImagesFailed = 1
    case usageError = 2
    case runtimeError = 3
    case findings = 4
    /// As shells report a process that Ctrl-C ended.
    case stopped = 130

    private var meaning: String {
        switch self {
        case .done: "success"
        case .someImagesFailed: "embed finished, but some images failed"
        case .usageError: "usage error"
        case .runtimeError: "runtime error"
        case .findings: "a check found problems (lint, store verify, models verify)"
        case .stopped: "embed was stopped (Ctrl-C)"
        }
    }

    /// The table of all exit codes, for the general help.
    static var help: String {
        let lines = allCases.map { status in
            let code = "\(status.rawValue)"
            return "  \(String(repeating: " ", count: 3 - code.count))\(code)  \(status.meaning)"
        }
        return (["Exit codes:"] + lines).joined(separator: "\n")
    }
}
