internal import CLIPCore
internal import CLIPPipeline
internal import Dispatch

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#elseif canImport(Darwin)
internal import Darwin
#endif

/// SIGINT, SIGTERM and SIGHUP: the first signal stops the run cleanly, the second ends the process immediately.
struct Interrupts {
    private let sources: [(number: Int32, source: any DispatchSourceSignal)]
    /// A separate queue, so that a blocked terminal does not delay the next signal.
    private let messages: DispatchQueue

    /// Starts handling the signals.
    ///
    /// A closed pipe does not end the process either: the run's output is its store.
    ///
    /// - Parameters:
    ///   - control: Stops the run.
    ///   - announce: Says that the run was asked to stop.
    init(stopping control: RunControl, announce: @escaping @Sendable () -> Void) {
        signal(SIGPIPE, SIG_IGN)
        let messages = DispatchQueue(label: "messages")
        let queue = DispatchQueue(label: "interrupts", qos: .userInteractive)
        self.messages = messages
        sources = [SIGINT, SIGTERM, SIGHUP].filter { !Self.isToBeIgnored($0) }.map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
            source.setEventHandler {
                if control.isStopped {
                    // A closing terminal sends two: one from its shell, one from the system.
                    if number == SIGHUP { return }
                    // A store is never left corrupt, so no clean-up is needed.
                    _exit(128 + number)
                }
                messages.async { announce() }
                control.stop()
            }
            source.activate()
            return (number, source)
        }
    }

    /// Waits until the message about stopping is printed.
    func showMessages() {
        messages.sync {}
    }

    /// Stops handling the signals.
    func end() {
        for (number, source) in sources {
            source.cancel()
            signal(number, SIG_DFL)
        }
    }

    /// Whether the process ignores SIGHUP because it was started with `nohup` or the like.
    private static func isToBeIgnored(_ number: Int32) -> Bool {
        guard number == SIGHUP else { return false }
        var action = sigaction()
        guard sigaction(number, nil, &action) == 0 else { return false }
        #if canImport(Darwin)
        let handler = action.__sigaction_u.__sa_handler
        #elseif canImport(Glibc)
        let handler = action.__sigaction_handler.sa_handler
        #elseif canImport(Musl)
        let handler = action.__sa_handler.sa_handler
        #endif
        return unsafeBitCast(handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
    }
}
