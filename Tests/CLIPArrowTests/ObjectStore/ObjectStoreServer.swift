import CLIPArrow
import CLIPCore
import TestSupport

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// The servers of `Tools/serve_object_store.py`; they end when the last copy of their standard input is closed.
final class ObjectStoreServer: Sendable {
    /// Serves the test process until it ends.
    static let shared = Result { try ObjectStoreServer() }

    static let secret = "a-secret-key-for-tests-only"

    /// Endpoint of a store that works.
    let endpoint: String
    /// Endpoint of a store that fails in the way that the key says.
    let failingEndpoint: String
    private let standardInput: Int32

    init() throws {
        Self.setEnvironment()
        var input: [Int32] = [0, 0]
        var output: [Int32] = [0, 0]
        guard pipe(&input) == 0, pipe(&output) == 0 else {
            throw CLIPError(.unreadable, "Cannot create a pipe: \(SystemError.last).")
        }
        for end in input + output { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        try Self.start(input: input[0], output: output[1])
        close(input[0])
        close(output[1])
        standardInput = input[1]
        defer { close(output[0]) }
        let endpoints = Self.lines(2, from: output[0])
        guard endpoints.count == 2 else {
            throw CLIPError(.unreadable, "\(Self.python) \(Self.script) did not start: run 'make setup'.")
        }
        (endpoint, failingEndpoint) = (endpoints[0], endpoints[1])
    }

    deinit {
        close(standardInput)
    }

    func reader(_ change: (inout ObjectStoreReader.Options) -> Void = { _ in }) -> ObjectStoreReader {
        ObjectStoreReader(options: Self.options(endpoint, change))
    }

    func failingReader(_ change: (inout ObjectStoreReader.Options) -> Void = { _ in }) -> ObjectStoreReader {
        ObjectStoreReader(options: Self.options(failingEndpoint, change))
    }

    private static func options(
        _ endpoint: String,
        _ change: (inout ObjectStoreReader.Options) -> Void
    ) -> ObjectStoreReader.Options {
        var options = ObjectStoreReader.Options()
        options.endpoint = endpoint
        options.region = "us-east-1"
        options.attempts = 1
        // On a slow machine an answer takes its time.
        options.connectTimeout = .seconds(600)
        options.requestTimeout = .seconds(600)
        change(&options)
        return options
    }

    /// Credentials for tests, and nothing of the person's own; the address of the machine's role is not asked.
    private static func setEnvironment() {
        setenv("AWS_ACCESS_KEY_ID", "test", 1)
        setenv("AWS_SECRET_ACCESS_KEY", secret, 1)
        setenv("AWS_EC2_METADATA_DISABLED", "true", 1)
        setenv("AWS_CONFIG_FILE", "/dev/null", 1)
        setenv("AWS_SHARED_CREDENTIALS_FILE", "/dev/null", 1)
        for name in ["AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3"] { unsetenv(name) }
    }

    /// The project's own Python, which `make test` names.
    private static let python =
        getenv("PYTHON").map { String(cString: $0) } ?? "/usr/local/lib/swift-openclip/python/bin/python"

    private static let script =
        RepositoryFile.path("Tools/serve_object_store.py")

    private static func start(input: Int32, output: Int32) throws {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO)
        posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO)
        var words = [strdup(python), strdup(script), nil]
        defer {
            for word in words { free(word) }
        }
        var process = pid_t()
        let spawned = posix_spawn(&process, python, &actions, nil, &words, environ)
        guard spawned == 0 else {
            throw CLIPError(.notFound, "Cannot run \(python): \(SystemError(number: spawned)). Run 'make setup'.")
        }
    }

    /// Lines until the file ends or there are enough.
    private static func lines(_ count: Int, from file: Int32) -> [String] {
        var text = [UInt8]()
        var byte: UInt8 = 0
        while text.count(where: { $0 == UInt8(ascii: "\n") }) < count, read(file, &byte, 1) == 1 { text.append(byte) }
        return String(decoding: text, as: UTF8.self).split(separator: "\n").map(String.init)
    }
}
