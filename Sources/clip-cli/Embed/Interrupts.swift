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

/// Ctrl-C, a terminal that is closed, and the request to terminate: the first stops the run in good order, the second ends
/// the process at once.
struct Interrupts {
    private let sources: [(number: Int32, source: any DispatchSourceSignal)]
    /// A terminal that takes nothing must not keep the next signal waiting.
    private let messages: DispatchQueue

    /// Takes the signals over from now on.
    ///
    /// Nobody reading what is printed does not end the process either: a run is there for its store.
    init(stopping control: RunControl, _ log: any RunLog) {
        signal(SIGPIPE, SIG_IGN)
        let messages = DispatchQueue(label: "messages")
        let queue = DispatchQueue(label: "interrupts", qos: .userInteractive)
        self.messages = messages
        sources = [SIGINT, SIGTERM, SIGHUP].filter { !Self.isToBeIgnored($0) }.map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
            source.setEventHandler {
                if control.isStopped {
                    // A terminal that closes says so twice: its shell does, then the system.
                    if number == SIGHUP { return }
                    // A store is whole at every moment, so nothing needs to be done before leaving.
                    _exit(128 + number)
                }
                messages.async { log.showStopping() }
                control.stop()
            }
            source.activate()
            return (number, source)
        }
    }

    /// Waits until it is shown that the run was stopped.
    func showMessages() {
        messages.sync {}
    }

    /// Pays no more attention to the signals.
    func end() {
        for (number, source) in sources {
            source.cancel()
            signal(number, SIG_DFL)
        }
    }

    /// Whether the process was started to outlive its terminal, as by `nohup`.
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
