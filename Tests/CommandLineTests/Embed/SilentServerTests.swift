import CLIPCore
import Testing

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// A server that takes connections and never answers.
private final class SilentServer {
    let endpoint: String
    private let listener: Int32

    init() throws {
        #if canImport(Glibc)
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        #else
        let listener = socket(AF_INET, SOCK_STREAM, 0)
        #endif
        self.listener = listener
        _ = fcntl(listener, F_SETFD, FD_CLOEXEC)
        _ = fcntl(listener, F_SETFL, O_NONBLOCK)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let status = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, length) | listen(listener, 64) | getsockname(listener, $0, &length)
            }
        }
        guard status == 0 else { throw CLIPError(.unreadable, "no server: \(SystemError.last)") }
        endpoint = "http://127.0.0.1:\(UInt16(bigEndian: address.sin_port))"
    }

    deinit {
        close(listener)
    }

    /// Waits until there is a connection.
    func waitForConnection() {
        var waiting = pollfd(fd: listener, events: Int16(POLLIN), revents: 0)
        while poll(&waiting, 1, -1) < 0 {}
    }

    /// The connections that were made.
    func connections() -> Int {
        var count = 0
        while case let connection = accept(listener, nil, nil), connection >= 0 {
            close(connection)
            count += 1
        }
        return count
    }
}

@Suite(.serialized, .ownThreads) struct SilentServerTests {
    @Test func stoppingDoesNotWaitForAnObjectStoreThatIsSilent() throws {
        let place = try Workplace()
        let server = try SilentServer()
        let arguments = [
            "embed", "s3://photos/a.jpg", "--output", place.path("store"), "--s3-endpoint", server.endpoint,
            "--s3-region", "us-east-1", "--s3-anonymous",
        ]
        var connected = ContinuousClock.now
        let result = try Tool.run(arguments, scratch: place.folder, sending: SIGINT) { _ in
            server.waitForConnection()
            connected = .now
        }
        #expect(result.status == 130, "\(result.errors)")
        // A request is given up after half a minute at the earliest, and then tried again over another connection.
        #expect(.now - connected < .seconds(30) && server.connections() == 1)
    }
}
