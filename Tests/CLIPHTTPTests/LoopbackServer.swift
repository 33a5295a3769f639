import Dispatch
import Foundation
import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// One thing that the server does with a connection.
enum Step: Sendable {
    /// Sends the head of a response, and the empty line after it.
    case head([String])
    /// Sends bytes.
    case body([UInt8])
    /// Sends bytes until the client gives up or the server ends.
    case flood
    /// Sends a byte now and then until the client gives up or the server ends.
    case drip
    /// Sends nothing until the client gives up or the server ends.
    case hang
    /// Goes on when as many requests as the gate wants are here at a time.
    case meet(Gate)
    /// Closes the connection.
    case close

    /// A whole response.
    static func response(_ status: String, _ fields: [String] = [], _ bytes: [UInt8] = []) -> [Step] {
        [.head(["HTTP/1.1 \(status)", "Content-Length: \(bytes.count)"] + fields), .body(bytes)]
    }
}

/// Lets requests go on together.
final class Gate: Sendable {
    private let missing: Mutex<Int>
    private let opened = DispatchSemaphore(value: 0)

    init(_ count: Int) {
        missing = Mutex(count)
    }

    /// Waits for the others, longer than it takes them on any machine.
    func pass() {
        let isLast = missing.withLock {
            $0 -= 1
            return $0 <= 0
        }
        if !isLast { _ = opened.wait(timeout: .now() + 600) }
        opened.signal()
    }
}

/// An HTTP server on the loopback interface that does what a test scripts, failures first of all.
///
/// It ends with the object, and its connections with it; no time limits anything, however slow the machine is.
final class LoopbackServer: Sendable {
    /// What to do with a request, by its path and how often the path was asked for, from 1.
    typealias Script = @Sendable (_ path: String, _ visit: Int) -> [Step]

    private let port: UInt16
    private let work: ServerWork

    /// Starts listening on a port that the system chooses.
    init(_ script: @escaping Script) throws {
        let listener = socket(AF_INET, streamType, 0)
        port = try LoopbackPort.bind(listener)
        guard listen(listener, 64) == 0 else { throw ServerFailure() }
        work = ServerWork(script, listener)
        detach { [work] in work.acceptConnections() }
    }

    deinit {
        work.end()
    }

    /// The URL of a path.
    func url(_ path: String) -> String { "http://127.0.0.1:\(port)\(path)" }

    /// Connections that were made so far.
    var connections: Int { work.log.withLock(\.connections) }

    /// The heads of all requests so far.
    var requests: [String] { work.log.withLock(\.requests) }

}

/// A port of the loopback interface at which nobody listens, for as long as it is held.
final class LoopbackPort: Sendable {
    let number: UInt16
    private let descriptor: Int32

    init() throws {
        descriptor = socket(AF_INET, streamType, 0)
        number = try Self.bind(descriptor)
    }

    deinit {
        close(descriptor)
    }

    /// Binds a socket to a port that the system chooses.
    static func bind(_ descriptor: Int32) throws -> UInt16 {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let status = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bindSocket(descriptor, $0, length) | getsockname(descriptor, $0, &length)
            }
        }
        guard status == 0 else { throw ServerFailure() }
        return UInt16(bigEndian: address.sin_port)
    }
}

struct ServerFailure: Error {}

/// What the threads of a server share.
private final class ServerWork: Sendable {
    struct Log {
        var connections = 0
        var open = Set<Int32>()
        var isEnded = false
        var requests = [String]()
        var visits = [String: Int]()
    }

    let log = Mutex(Log())
    private let script: LoopbackServer.Script
    private let listener: Int32

    init(_ script: @escaping LoopbackServer.Script, _ listener: Int32) {
        self.script = script
        self.listener = listener
    }

    /// Ends the threads.
    ///
    /// They close their sockets themselves: a number that was closed too early would soon be that of another socket.
    func end() {
        log.withLock { log in
            log.isEnded = true
            for socket in log.open.union([listener]) { shutdown(socket, Int32(SHUT_RDWR)) }
        }
    }

    func acceptConnections() {
        defer { close(listener) }
        while !log.withLock(\.isEnded) {
            let connection = accept(listener, nil, nil)
            if connection >= 0 { detach { self.serve(connection) } }
        }
    }

    /// Answers requests on a connection until a script or the client closes it, or the server ends.
    private func serve(_ connection: Int32) {
        log.withLock { log in
            log.connections += 1
            log.open.insert(connection)
            if log.isEnded { shutdown(connection, Int32(SHUT_RDWR)) }
        }
        defer {
            log.withLock { log in
                log.open.remove(connection)
                // Closing alone does not tell the client while a process that was started meanwhile has the socket too.
                shutdown(connection, Int32(SHUT_RDWR))
                close(connection)
            }
        }
        while let head = requestHead(connection) {
            let path = String(head.split(separator: " ").dropFirst().first ?? "")
            let visit = log.withLock {
                $0.requests.append(head)
                $0.visits[path, default: 0] += 1
                return $0.visits[path] ?? 0
            }
            guard script(path, visit).allSatisfy({ perform($0, connection) }) else { return }
        }
    }

    private func requestHead(_ connection: Int32) -> String? {
        var head = [UInt8]()
        var byte: UInt8 = 0
        while !head.suffix(4).elementsEqual("\r\n\r\n".utf8) {
            guard recv(connection, &byte, 1, 0) == 1 else { return nil }
            head.append(byte)
        }
        return String(decoding: head, as: UTF8.self)
    }

    /// Returns whether the connection is still of use.
    private func perform(_ step: Step, _ connection: Int32) -> Bool {
        switch step {
        case .head(let lines): return sendAll(Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8), connection)
        case .body(let bytes): return sendAll(bytes, connection)
        case .flood:
            let bytes = [UInt8](repeating: 1, count: 64 * 1024)
            while sendAll(bytes, connection) {}
            return false
        case .drip:
            while sendAll([1], connection) { usleep(50_000) }
            return false
        case .hang:
            var byte: UInt8 = 0
            _ = recv(connection, &byte, 1, 0)
            return false
        case .meet(let gate):
            gate.pass()
            return true
        case .close: return false
        }
    }

    private func sendAll(_ bytes: [UInt8], _ connection: Int32) -> Bool {
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes { send(connection, $0.baseAddress, $0.count, sendFlags) }
            guard count > 0 else { return false }
            sent += count
        }
        return true
    }
}

#if canImport(Glibc)
private let streamType = Int32(SOCK_STREAM.rawValue)
private let sendFlags = Int32(MSG_NOSIGNAL)
private let bindSocket = Glibc.bind
#else
private let streamType = SOCK_STREAM
private let sendFlags: Int32 = 0
private let bindSocket = Darwin.bind
#endif

/// Runs `body` on a thread of its own: those of Dispatch are at most 256, and many servers block at a time.
private func detach(_ body: @escaping @Sendable () -> Void) {
    Thread.detachNewThread(body)
}
