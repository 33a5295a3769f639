import CLIPCore
import CLIPHTTP
import Synchronization

/// A reader whose waits between attempts are noted and not waited for.
///
/// It gives no server up unless a test says when: on a slow machine an answer takes its time.
struct Reading: Sendable {
    let reader: HTTPReader
    private let noted: Noted

    private final class Noted: Sendable {
        let delays = Mutex([Duration]())
    }

    /// Waits chosen at random are `randomness` of the longest allowed.
    init(randomness: Double = 1, _ change: (inout HTTPReader.Options) -> Void = { _ in }) {
        var options = HTTPReader.Options()
        options.proxy = ""
        options.connectTimeout = .seconds(600)
        options.stallTimeout = .seconds(600)
        options.attemptTimeout = .seconds(600)
        change(&options)
        let noted = Noted()
        self.noted = noted
        self.reader = HTTPReader(
            options,
            random: { randomness },
            sleep: { delay in noted.delays.withLock { $0.append(delay) } }
        )
    }

    /// The waits so far.
    var delays: [Duration] { noted.delays.withLock(\.self) }

    func bytes(_ location: String, maximumBytes: Int = 1 << 20) async throws -> [UInt8] {
        var buffer = [UInt8]()
        try await reader.read(location, maximumBytes: maximumBytes, into: &buffer)
        return buffer
    }

    /// The error of a read that must fail.
    func failure(_ location: String, maximumBytes: Int = 1 << 20) async throws -> CLIPError {
        do {
            let bytes = try await bytes(location, maximumBytes: maximumBytes)
            throw UnexpectedSuccess(byteCount: bytes.count)
        } catch let error as CLIPError {
            return error
        }
    }
}

/// A read that should have failed.
struct UnexpectedSuccess: Error {
    let byteCount: Int
}
