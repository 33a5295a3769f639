#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#elseif canImport(Darwin)
internal import Darwin
#endif

/// Standard output and standard error.
enum Terminal {
    /// Whether standard error is a terminal, on which a line can be drawn again.
    static var isInteractive: Bool { isatty(STDERR_FILENO) == 1 }

    /// Prints results: to standard output.
    static func print(_ text: String) {
        Swift.print(text)
    }

    /// Prints what is not a result: to standard error.
    static func printError(_ text: String, terminator: String = "\n") {
        var text = text + terminator
        text.withUTF8 { _ = write(STDERR_FILENO, $0.baseAddress, $0.count) }
    }

    /// Ends the process.
    static func exit(_ status: ExitStatus) -> Never {
        fflush(nil)
        #if canImport(Glibc)
        Glibc.exit(status.rawValue)
        #elseif canImport(Musl)
        Musl.exit(status.rawValue)
        #elseif canImport(Darwin)
        Darwin.exit(status.rawValue)
        #endif
    }
}
