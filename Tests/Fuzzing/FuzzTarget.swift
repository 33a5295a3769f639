internal import CFuzzer
internal import CLIPCore
internal import Dispatch
internal import Foundation

/// Something that parses bytes from strangers: it may throw, but not trap, hang, or take more than its limits.
struct FuzzTarget: Sendable {
    /// What an input may take, whose own size counts as well.
    struct Limits: Sendable {
        /// Memory for any input, in MiB.
        var mebibytes: Int
        /// Memory for each byte of the input.
        var perByte = 64
        /// CPU time of all threads for any input, in seconds, with sanitizers and counters, which cost a factor of ten or so.
        var seconds = 10.0

        /// CPU time for each KiB of the input, in seconds.
        static let secondsPerKibibyte = 0.05

        func memory(of count: Int) -> Int { mebibytes << 20 + perByte * count }
        func seconds(of count: Int) -> Double { seconds + Self.secondsPerKibibyte * Double(count) / 1024 }
    }

    static let all =
        imageTargets + categoryTargets + tokenizerTargets + textTargets + modelTargets + archiveTargets + tableTargets
        + storeTargets + adoptionTargets + cacheTargets + arrowTargets + webTargets + pageTargets
    /// The one that the program's first argument names.
    static let chosen = all.first { "--\($0.name)" == CommandLine.arguments.dropFirst().first }

    let name: String
    /// The files and folders in `Sources`, or from `native`, whose lines the target is there to reach.
    let sources: [String]
    let limits: Limits
    private let body: @Sendable ([UInt8]) throws -> Void

    init(
        _ name: String,
        of sources: [String],
        within limits: Limits = Limits(mebibytes: 32),
        _ body: @escaping @Sendable ([UInt8]) throws -> Void
    ) {
        self.name = name
        self.sources = sources
        self.limits = limits
        self.body = body
    }

    /// Errors are what bad input should lead to.
    func run(_ input: [UInt8]) {
        fuzz_meter_start()
        showingErrors { try body(input) }
        let use = fuzz_meter_stop()
        let count = input.count
        precondition(
            use.bytes <= limits.memory(of: count),
            "\(use.bytes) bytes for an input of \(count) bytes, more than the limit of \(limits.memory(of: count))"
        )
        precondition(
            use.seconds <= limits.seconds(of: count),
            "\(use.seconds) s for an input of \(count) bytes, more than the limit of \(limits.seconds(of: count)) s"
        )
    }
}

/// Errors are no findings, apart from a missing library; OPENCLIP_FUZZING_ERRORS shows them, to see why an input does not get
/// far.
private func showingErrors(_ body: () throws -> Void) {
    do {
        try body()
    } catch let error as CLIPError where error.code == .missingLibrary {
        fatalError("\(error)")
    } catch {
        if showsErrors { FileHandle.standardError.write(Data("\(error)\n".utf8)) }
    }
}

private let showsErrors = ProcessInfo.processInfo.environment["OPENCLIP_FUZZING_ERRORS"] != nil

/// The input as a file, for what reads only files.
func withFile(_ input: [UInt8], ending: String, _ body: (String) throws -> Void) throws {
    let path = "/dev/shm/fuzz-\(getpid())\(ending)"
    try write(input, to: path)
    defer { unlink(path) }
    try body(path)
}

/// Writes a file without the cost of a `Data` and a `URL`.
func write(_ bytes: [UInt8], to path: String) throws {
    let file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    guard file >= 0 else { throw POSIXError(.EIO) }
    defer { close(file) }
    guard Foundation.write(file, bytes, bytes.count) == bytes.count else { throw POSIXError(.ENOSPC) }
}

/// The input as a text.
func text(_ input: [UInt8]) -> String {
    String(decoding: input, as: UTF8.self)
}

/// A file beside the tests, such as a vocabulary.
func fixture(_ name: String) -> String {
    "\(#filePath)".split(separator: "/", omittingEmptySubsequences: false).dropLast(2).joined(separator: "/")
        + "/\(name)"
}

/// Waits for an asynchronous call; libFuzzer's callback is a plain function.
func wait(_ body: @escaping @Sendable () async throws -> Void) {
    let isDone = DispatchSemaphore(value: 0)
    Task {
        do {
            try await body()
        } catch {
            showingErrors { throw error }
        }
        isDone.signal()
    }
    isDone.wait()
}
