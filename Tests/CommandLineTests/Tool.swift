import CLIPCore
import CLIPTesting

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Runs the built `clip-cli` as a person would, in a process of its own.
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
        let executable = (try? [CChar](unsafeUninitializedCapacity: Int(PATH_MAX)) { buffer, count in
            count = max(readlink("/proc/self/exe", buffer.baseAddress, buffer.count), 0)
        })
        let path = String(decoding: (executable ?? []).map(UInt8.init(bitPattern:)), as: UTF8.self)
        return path.split(separator: "/").dropLast().reduce("") { $0 + "/" + $1 } + "/clip-cli"
    }()

    /// Runs the tool with its output in files of `scratch`.
    static func run(_ arguments: String..., scratch: TemporaryFolder) throws -> Result {
        let files = (output: "\(scratch.path)/.stdout", errors: "\(scratch.path)/.stderr")
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        let flags = O_WRONLY | O_CREAT | O_TRUNC
        posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, files.output, flags, 0o600)
        posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, files.errors, flags, 0o600)

        var words = ([path] + arguments).map { strdup($0) } + [nil]
        defer { words.forEach { free($0) } }
        var process = pid_t()
        let spawned = posix_spawn(&process, path, &actions, nil, &words, environ)
        guard spawned == 0 else {
            throw CLIPError(.notFound, "Cannot run \(path): \(SystemError(number: spawned)).")
        }
        var status: Int32 = 0
        var usage = rusage()
        guard wait4(process, &status, 0, &usage) == process else {
            throw CLIPError(.unreadable, "Lost \(path): \(SystemError.last).")
        }
        return Result(
            status: status & 0x7F == 0 ? status >> 8 & 0xFF : -(status & 0x7F),
            output: String(decoding: try FileBytes.read(files.output), as: UTF8.self),
            errors: String(decoding: try FileBytes.read(files.errors), as: UTF8.self),
            peakMemory: Int(usage.ru_maxrss)
        )
    }
}
