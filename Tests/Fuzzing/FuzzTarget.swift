internal import Dispatch
internal import Foundation

/// Something that parses bytes from strangers: it may throw, but not trap, hang, or take more memory than documented.
struct FuzzTarget: Sendable {
    static let all = imageTargets + textTargets + archiveTargets + tableTargets
    /// The one that the program's first argument names.
    static let chosen = all.first { $0.name == CommandLine.arguments.dropFirst().first }

    let name: String
    private let body: @Sendable ([UInt8]) throws -> Void

    init(_ name: String, _ body: @escaping @Sendable ([UInt8]) throws -> Void) {
        self.name = name
        self.body = body
    }

    /// Errors are what bad input should lead to.
    func run(_ input: [UInt8]) {
        try? body(input)
    }
}

/// The input as a file, for what reads only files.
func withFile(_ input: [UInt8], ending: String, _ body: (String) throws -> Void) throws {
    let path = "/dev/shm/fuzz-\(getpid())\(ending)"
    try Data(input).write(to: URL(filePath: path))
    defer { try? FileManager.default.removeItem(atPath: path) }
    try body(path)
}

/// Waits for an asynchronous call; libFuzzer's callback is a plain function.
func wait(_ body: @escaping @Sendable () async throws -> Void) {
    let isDone = DispatchSemaphore(value: 0)
    Task {
        try? await body()
        isDone.signal()
    }
    isDone.wait()
}
