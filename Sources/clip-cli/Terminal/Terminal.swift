internal import CLIPCore

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#elseif canImport(Darwin)
internal import Darwin
#endif

/// Standard output and standard error.
enum Terminal {
    /// Opens `/dev/null` in place of each of the three standard streams that is closed.
    ///
    /// Otherwise the next file that is opened gets its number, and whatever is printed.
    static func openClosedStreams() {
        for descriptor in STDIN_FILENO...STDERR_FILENO where fcntl(descriptor, F_GETFD) < 0 {
            // The lowest free number is this one.
            _ = open("/dev/null", O_RDWR)
        }
    }

    /// Whether standard error is a terminal, where a line can be redrawn.
    static var isInteractive: Bool { isatty(STDERR_FILENO) == 1 }

    /// Prints results to standard output, as ``Text/visibleLines(_:)``.
    ///
    /// A closed pipe is not an error: if it does not end the process, the important output goes to files.
    ///
    /// - Throws: `CLIPError` with code `storage` when they cannot be written.
    static func print(_ text: String) throws {
        try printExactly(Text.visibleLines(text))
    }

    /// Prints JSON to standard output, as ``Text/visibleJSON(_:)``.
    ///
    /// - Throws: `CLIPError` with code `storage` when it cannot be written.
    static func print(json: String) throws {
        try printExactly(Text.visibleJSON(json))
    }

    /// Prints CSV to standard output: exactly, unless a person reads it on a terminal.
    ///
    /// - Throws: `CLIPError` with code `storage` when it cannot be written.
    static func print(csv: String) throws {
        try printExactly(isatty(STDOUT_FILENO) == 1 ? Text.visibleCSV(csv) : csv)
    }

    private static func printExactly(_ text: String) throws {
        guard write(text + "\n", to: STDOUT_FILENO) || errno == EPIPE || isTerminalGone else {
            throw CLIPError(.storage, "Cannot write to standard output: \(SystemError.last).")
        }
    }

    /// Whether writing failed because the terminal was closed; other devices have other errors.
    private static var isTerminalGone: Bool {
        guard errno == EIO else { return false }
        var status = stat()
        return fstat(STDOUT_FILENO, &status) == 0 && status.st_mode & S_IFMT == S_IFCHR
    }

    /// Whether whoever reads standard output has gone.
    static var isOutputClosed: Bool {
        var output = pollfd(fd: STDOUT_FILENO, events: 0, revents: 0)
        return poll(&output, 1, 0) == 1 && output.revents & Int16(POLLERR) != 0
    }

    /// Prints messages to standard error, as ``Text/visibleLines(_:)``.
    static func printError(_ text: String) {
        _ = write(Text.visibleLines(text) + "\n", to: STDERR_FILENO)
    }

    /// Prints a line of a log to standard error, as ``Text/visibleJSON(_:)``.
    static func printError(json: String) {
        _ = write(Text.visibleJSON(json) + "\n", to: STDERR_FILENO)
    }

    /// Replaces the last line on standard error, if it is a terminal.
    static func redraw(_ line: String) {
        _ = write("\r\u{1B}[K" + Text.printable(line), to: STDERR_FILENO)
    }

    /// Ends the process without waiting for unfinished work.
    ///
    /// The only way out of the tool. An ordinary exit would wait for unfinished requests to object stores: minutes, if a
    /// server is silent. Files are never left incomplete.
    static func exit(_ status: ExitStatus) -> Never {
        fflush(nil)
        _exit(status.rawValue)
    }

    /// Waits for room in a stream that does not block writers; `false` if that fails.
    private static func waitUntilWritable(_ descriptor: Int32) -> Bool {
        var request = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        return poll(&request, 1, -1) > 0 || errno == EINTR
    }

    private static func write(_ text: String, to descriptor: Int32) -> Bool {
        var text = text
        return text.withUTF8 { bytes in
            var rest = UnsafeRawBufferPointer(bytes)
            while !rest.isEmpty {
                #if canImport(Glibc)
                let count = Glibc.write(descriptor, rest.baseAddress, rest.count)
                #elseif canImport(Musl)
                let count = Musl.write(descriptor, rest.baseAddress, rest.count)
                #elseif canImport(Darwin)
                let count = Darwin.write(descriptor, rest.baseAddress, rest.count)
                #endif
                if count < 0 && errno == EINTR { continue }
                if count < 0 && errno == EAGAIN && waitUntilWritable(descriptor) { continue }
                guard count > 0 else { return false }
                rest = UnsafeRawBufferPointer(rebasing: rest[count...])
            }
            return true
        }
    }
}
