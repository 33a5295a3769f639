internal import Foundation
internal import Synchronization

/// A server on the loopback interface that answers each connection with the next of some responses, and closes it.
final class LoopbackResponder: Sendable {
    /// Between responses: a character that heads do not have, ASCII's record separator.
    private static let separator: UInt8 = 0x1E

    let port: UInt16
    private let responses = Mutex([[UInt8]]())

    init() {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let status = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, length) | getsockname(listener, $0, &length) | listen(listener, 64)
            }
        }
        precondition(status == 0, "there is no port on the loopback interface")
        port = UInt16(bigEndian: address.sin_port)
        Thread.detachNewThread { [weak self] in
            while let self {
                let connection = accept(listener, nil, nil)
                self.answer(connection)
                close(connection)
            }
        }
    }

    /// The responses to the connections that follow.
    func answer(_ input: [UInt8]) {
        let parts = input.split(separator: Self.separator, omittingEmptySubsequences: false).map(Array.init)
        responses.withLock { $0 = parts }
    }

    private func answer(_ connection: Int32) {
        var limit = timeval(tv_sec: 5, tv_usec: 0)
        setsockopt(connection, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        var request = [UInt8]()
        var buffer = [UInt8](repeating: 0, count: 4096)
        let end = Array("\r\n\r\n".utf8)
        while request.suffix(4) != end[...] {
            let count = recv(connection, &buffer, buffer.count, 0)
            guard count > 0 else { return }
            request += buffer[..<count]
        }
        let response = responses.withLock { $0.isEmpty ? [] : $0.removeFirst() }
        send(connection, response, response.count, Int32(MSG_NOSIGNAL))
        shutdown(connection, Int32(SHUT_RDWR))
    }
}
