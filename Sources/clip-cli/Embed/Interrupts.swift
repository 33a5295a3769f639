internal import CLIPCore
internal import Dispatch

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#elseif canImport(Darwin)
internal import Darwin
#endif

/// Ctrl-C and the request to terminate: the first stops the run in good order, the second ends the process at once.
struct Interrupts {
    private let sources: [any DispatchSourceSignal]

    /// Takes the signals over from now on.
    init(stopping control: RunControl, _ log: any RunLog) {
        sources = [SIGINT, SIGTERM].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global(qos: .userInteractive))
            source.setEventHandler {
                // A store is whole at every moment, so nothing needs to be done before leaving.
                if control.isStopped { _exit(128 + number) }
                control.stop()
                log.showStopping()
            }
            source.activate()
            return source
        }
    }

    /// Pays no more attention to the signals.
    func end() {
        for source in sources { source.cancel() }
        for number in [SIGINT, SIGTERM] { signal(number, SIG_DFL) }
    }
}
