#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#elseif canImport(Darwin)
internal import Darwin
#endif

/// An operating system thread for blocking calls.
package enum SystemThread {
    private final class Body: Sendable {
        let run: @Sendable () -> Void

        init(_ run: @escaping @Sendable () -> Void) {
            self.run = run
        }
    }

    /// Runs `body` on a new thread, which ends with it and blocks `SIGPIPE`.
    ///
    /// - Throws: ``CLIPError`` with code `limitExceeded` if the system cannot start a thread.
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
                "Cannot start a thread: \(SystemError(number: status)). Raise the limit on threads or processes."
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
