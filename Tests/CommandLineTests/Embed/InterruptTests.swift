import CLIPArrow
import CLIPCore
import CLIPTesting
import Testing

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// What ends a run from outside, or must not.
@Suite(.serialized, .ownThreads) struct InterruptTests {
    private let place: Workplace
    private let options: [String]

    init() throws {
        place = try Workplace()
        options = ["--output", place.path("store")]
    }

    @Test func aRunWhoseMessagesNobodyReadsComesToItsEnd() throws {
        try place.addPhoto("gray.jpg", as: "0.jpg")
        // More messages than the reader waits for.
        for number in 1..<10 { try place.write("text", "photos/\(number).jpg") }
        let script = "{ \"$@\" 2>&1; echo $? >'\(place.path("status"))'; } | head -n 1"
        _ = try Tool.run(["embed", place.path("photos")] + options, script: script, scratch: place.folder)
        #expect(try String(decoding: FileBytes.read(place.path("status")), as: UTF8.self) == "1\n")
        let store = try ParquetStore(path: place.path("store"))
        #expect(store.count == 1)
        let info = try place.run("store", "info", place.path("store"))
        #expect(info.output.contains("complete") && !info.output.contains("incomplete"), "\(info.output)")
    }

    @Test func waitingForAListIsStopped() throws {
        #expect(mkfifo(place.path("list"), 0o600) == 0)
        let stopped = try Tool.run(
            ["embed", "--files-from", place.path("list"), "--log-format", "json"] + options,
            scratch: place.folder,
            sending: SIGINT,
            after: "started"
        )
        #expect(stopped.status == 130, "\(stopped.errors)")
        #expect(stopped.errors.contains(#""ending":"stopped""#), "\(stopped.errors)")
    }

    @Test func theSecondSignalEndsAProcessThatCannotPrint() throws {
        for name in ["list", "errors"] { #expect(mkfifo(place.path(name), 0o600) == 0) }
        // Opened for both directions, so that nobody waits for the other side; and full.
        let errors = open(place.path("errors"), O_RDWR | O_NONBLOCK | O_CLOEXEC)
        defer { close(errors) }
        while write(errors, [UInt8](repeating: 10, count: 4096), 4096) > 0 {}
        while write(errors, [10], 1) > 0 {}
        let result = try Tool.run(
            ["embed", "--files-from", place.path("list")] + options,
            script: "exec \"$@\" 2>'\(place.path("errors"))'",
            scratch: place.folder
        ) { process in
            while Tool.isRunning(process), place.folder.names(in: "store").isEmpty { usleep(10_000) }
            // Signals that come too fast are one to the process.
            for _ in 0..<500 where Tool.isRunning(process) {
                kill(process, SIGINT)
                usleep(20_000)
            }
            kill(process, SIGKILL)
        }
        #expect(result.status == 128 + SIGINT)
    }
}
