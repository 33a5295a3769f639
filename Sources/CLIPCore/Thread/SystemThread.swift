#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#elseif canImport(Darwin)
internal import Darwin
#endif

/// A thread of the operating system for calls that block.
package enum SystemThread {
    private final class Body: Sendable {
        let run: @Sendable () -> Void

        init(_ run: @escaping @Sendable () -> Void) {
            self.run = run
        }
    }

    /// Runs `body` on a thread of its own, which ends with it and blocks `SIGPIPE`.
    ///
    /// - Throws: ``CLIPError`` with code `limitExceeded` when the system has no thread left.
    package static func start(_ body: @escaping @Sendable () -> Void) throws {
        #if canImport(Darwin)
        var thread: pthread_t?
        #else
        var thread = pthread_t()
        #endif
        let retained = Unmanaged.passRetained(Body(body))
        let status = pthread_create(&thread, nil, main, retained.toOpaque())
        guard status == 0 else {
            retained.release()
            throw CLIPError(
                .limitExceeded,
                "Cannot start a thread: \(SystemError(number: status)). Raise the limit of threads or processes."
            )
        }
    }

    private static let main: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = { body in
        pthread_detach(pthread_self())
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, SIGPIPE)
        pthread_sigmask(SIG_BLOCK, &signals, nil)
        if let body { Unmanaged<Body>.fromOpaque(body).takeRetainedValue().run() }
        return nil
    }
}
