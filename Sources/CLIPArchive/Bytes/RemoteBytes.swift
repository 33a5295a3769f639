internal import CLIPCore
internal import CLIPPipeline
internal import Dispatch
internal import Synchronization

/// The bytes of a remote file, read in large pieces, of which one is in memory.
final class RemoteBytes: ArchiveBytes {
    /// How much to read at a time of contents, which are long.
    static let contentsPieceBytes = 8 << 20

    let name: String
    private let file: any RemoteFile
    private let pieceBytes: Int
    private let executor: BlockingExecutor
    private var piece = [UInt8]()
    private var pieceOffset = 0

    /// - Parameters:
    ///   - file: The file.
    ///   - name: Its URI without confidential parts.
    ///   - pieceBytes: How much to read at a time.
    init(_ file: any RemoteFile, name: String, pieceBytes: Int) {
        self.file = file
        self.name = name
        self.pieceBytes = pieceBytes
        // Waiting blocks this thread, so reading must not depend on threads that may block too.
        executor = BlockingExecutor(threads: 1)
    }

    var knownByteCount: Int? { file.byteCount }

    /// Each read checks it.
    func requireUnchanged() {}

    func read(at offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        var filled = 0
        while filled < buffer.count, offset + filled < file.byteCount {
            let start = offset + filled
            if !(pieceOffset..<pieceOffset + piece.count).contains(start) { try readPiece(at: start) }
            let part = piece[(start - pieceOffset)...].prefix(buffer.count - filled)
            UnsafeMutableRawBufferPointer(rebasing: buffer[filled...]).copyBytes(from: part)
            filled += part.count
        }
        return filled
    }

    private func readPiece(at offset: Int) throws {
        let count = min(pieceBytes, file.byteCount - offset)
        let outcome = Outcome()
        piece = []
        let task = Task(executorPreference: executor) { [file] in
            var bytes = [UInt8]()
            do {
                try await file.read(at: offset, count: count, into: &bytes)
                outcome.set(.success(bytes))
            } catch {
                outcome.set(.failure(error))
            }
        }
        while !outcome.isSet(within: .milliseconds(100)) {
            if Task.isCancelled { task.cancel() }
        }
        piece = try outcome.get()
        pieceOffset = offset
        guard piece.count == count else {
            throw CLIPError(.unreadable, "\(name): only \(piece.count) of \(count) bytes arrived.")
        }
    }
}

/// The outcome of a task, for which a thread waits.
private final class Outcome: Sendable {
    private let result = Mutex<Result<[UInt8], any Error>?>(nil)
    private let isDone = DispatchSemaphore(value: 0)

    func set(_ result: Result<[UInt8], any Error>) {
        self.result.withLock { $0 = result }
        isDone.signal()
    }

    func isSet(within time: DispatchTimeInterval) -> Bool { isDone.wait(timeout: .now() + time) == .success }

    func get() throws -> [UInt8] {
        try result.withLock { $0.take() }?.get() ?? []
    }
}
