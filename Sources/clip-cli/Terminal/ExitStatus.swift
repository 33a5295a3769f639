internal import CLIPCore

/// The exit codes of the tool.
///
/// A cluster's scheduler decides by those of `worker`, so they tell more.
enum ExitStatus: Int32, Error, CaseIterable {
    case done = 0
    case someImagesFailed = 1
    case usageError = 2
    case runtimeError = 3
    case findings = 4
    /// Those of `worker` from here on are the codes of BSD's sysexits.h.
    case workerUsageError = 64
    case workerInput = 65
    case workerModel = 66
    case workerInternal = 70
    case workerStream = 74
    case workerMemory = 75
    /// As shells report a process that Ctrl-C ended.
    case stopped = 130

    private var meaning: String {
        switch self {
        case .done: "success"
        case .someImagesFailed: "embed finished, but some images failed"
        case .usageError: "usage error"
        case .runtimeError: "runtime error"
        case .findings: "a check found problems (lint, store verify, models verify)"
        case .workerUsageError: "worker: usage error"
        case .workerInput: "worker: the input is no Arrow stream, is truncated, or has unsuitable columns or ids"
        case .workerModel: "worker: the model or another file is missing or unusable"
        case .workerInternal: "worker: any other error"
        case .workerStream: "worker: the input cannot be read, or the output was closed"
        case .workerMemory: "worker: too little memory; another attempt may succeed"
        case .stopped: "embed or worker was stopped (Ctrl-C, SIGTERM)"
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

/// An error with an exit code of its own.
struct StatusError: Error {
    let status: ExitStatus
    /// What to print; `nil` for nothing.
    let error: CLIPError?
}
