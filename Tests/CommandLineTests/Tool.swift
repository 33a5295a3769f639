import CLIPCore
import CLIPTesting

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Runs the built `clip-cli` as a person would, in a process of its own.
///
/// What is remembered between starts lies in the scratch folder: what other tests, or a person, left is not used.
struct Tool {
    struct Result {
        let status: Int32
        let output: String
        let errors: String
        /// Peak resident size in KiB.
        let peakMemory: Int
    }

    /// Beside the running test executable.
    static let path: String = {
        let executable = CommandLine.arguments[0]
        return executable.prefix(through: executable.lastIndex(of: "/") ?? executable.startIndex) + "clip-cli"
    }()

    /// Runs the tool with its output in files of `scratch`.
    ///
    /// - Parameters:
    ///   - arguments: The words after the tool's name.
    ///   - scratch: Where the output goes.
    ///   - largestFile: Blocks of 512 bytes after which writing to a file fails, as on a full disk.
    /// - Returns: What the tool printed and how it ended.
    /// - Throws: `CLIPError` when the tool cannot be run.
    static func run(_ arguments: [String], scratch: TemporaryFolder, largestFile: Int? = nil) throws -> Result {
        guard let largestFile else { return try run([path] + arguments, in: scratch) }
        return try run(arguments, script: "trap '' XFSZ; ulimit -f \(largestFile); exec \"$@\"", scratch: scratch)
    }

    /// Runs a program that runs the tool.
    static func run(_ arguments: [String], program: String, scratch: TemporaryFolder) throws -> Result {
        try run([program] + arguments, in: scratch)
    }

    /// Runs the tool and sends it a signal once it has printed some text to standard error.
    static func run(
        _ arguments: [String],
        scratch: TemporaryFolder,
        sending signal: Int32,
        after text: String
    ) throws -> Result {
        try run(arguments, scratch: scratch, sending: signal) { process in
            while isRunning(process) {
                let printed = String(decoding: try FileBytes.read("\(scratch.path)/.stderr"), as: UTF8.self)
                if printed.contains(text) { break }
                usleep(10_000)
            }
        }
    }

    /// Runs the tool and sends it a signal once something has happened, which `wait` waits for.
    static func run(
        _ arguments: [String],
        scratch: TemporaryFolder,
        sending signal: Int32,
        when wait: (pid_t) throws -> Void
    ) throws -> Result {
        try run([path] + arguments, in: scratch) { process in
            try wait(process)
            kill(process, signal)
        }
    }

    /// Runs a shell's script, to which the tool and its arguments are `"$@"`.
    static func run(
        _ arguments: [String],
        script: String,
        scratch: TemporaryFolder,
        whileItRuns: (pid_t) throws -> Void = { _ in }
    ) throws -> Result {
        try run(["/bin/sh", "-c", script, "sh", path] + arguments, in: scratch, whileItRuns: whileItRuns)
    }

    /// Whether a process that was started has not come to its end.
    static func isRunning(_ process: pid_t) -> Bool {
        var info = siginfo_t()
        return waitid(P_PID, id_t(process), &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_signo == 0
    }

    /// This process's environment, but for the folder of what is remembered.
    private static func environment(cacheFolder: String) -> [String] {
        let name = "OPENCLIP_CACHE="
        var variables = ["\(name)\(cacheFolder)"]
        var place = environ
        while let variable = place.pointee {
            let text = String(cString: variable)
            if !text.hasPrefix(name) { variables.append(text) }
            place += 1
        }
        return variables
    }

    private static func run(
        _ command: [String],
        in scratch: TemporaryFolder,
        whileItRuns: (pid_t) throws -> Void = { _ in }
    ) throws -> Result {
        let files = (output: "\(scratch.path)/.stdout", errors: "\(scratch.path)/.stderr")
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        let flags = O_WRONLY | O_CREAT | O_TRUNC
        posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, files.output, flags, 0o600)
        posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, files.errors, flags, 0o600)

        // Whatever these tests were started from ignores.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var signals = sigset_t()
        sigemptyset(&signals)
        for signal in [SIGINT, SIGHUP, SIGPIPE] { sigaddset(&signals, signal) }
        posix_spawnattr_setsigdefault(&attributes, &signals)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF))

        var words = command.map { strdup($0) } + [nil]
        defer {
            for word in words { free(word) }
        }
        var environment = environment(cacheFolder: "\(scratch.path)/.cache").map { strdup($0) } + [nil]
        defer {
            for variable in environment { free(variable) }
        }
        var process = pid_t()
        let spawned = posix_spawn(&process, command[0], &actions, &attributes, &words, &environment)
        guard spawned == 0 else {
            throw CLIPError(.notFound, "Cannot run \(command[0]): \(SystemError(number: spawned)).")
        }
        try whileItRuns(process)
        var status: Int32 = 0
        var usage = rusage()
        guard wait4(process, &status, 0, &usage) == process else {
            throw CLIPError(.unreadable, "Lost \(command[0]): \(SystemError.last).")
        }
        return Result(
            status: status & 0x7F == 0 ? status >> 8 & 0xFF : -(status & 0x7F),
            output: String(decoding: try FileBytes.read(files.output), as: UTF8.self),
            errors: String(decoding: try FileBytes.read(files.errors), as: UTF8.self),
            peakMemory: Int(usage.ru_maxrss)
        )
    }
}
