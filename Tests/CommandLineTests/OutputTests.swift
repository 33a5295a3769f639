import CLIPArrow
import CLIPCore
import CLIPTesting
import Testing

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// What commands write is checked before they do anything else.
@Suite(.serialized, .ownThreads) struct OutputTests {
    private let place: Workplace

    init() throws {
        place = try Workplace()
    }

    /// Commands without their outputs; none of what they read is there.
    static let commands = [
        ["classify", "none", "--categories", "none"], ["score", "none", "--categories", "none"],
        ["diff", "none", "none", "none"], ["report", "none", "--results", "none.parquet"],
        ["evaluate", "none", "--categories", "none", "--labels", "none"],
        ["calibrate", "none", "--categories", "none", "--target", "background-quantile=0.99"],
        ["ablate", "none", "--categories", "none", "--labels", "none"],
        ["search", "none", "cat"], ["duplicates", "none"], ["preprocess", "none"], ["encode-text", "cat"],
    ]

    @Test(arguments: commands)
    func aFileThatCannotBeWrittenEndsACommandAtOnce(command: [String]) throws {
        let path = place.path(command[0] == "report" ? "gone/report.html" : "gone/results.csv")
        let result = try Tool.run(command + ["--output", path], scratch: place.folder)
        #expect(result.status == 3)
        #expect(result.errors == "error: Cannot write \(path): No such file or directory.\n")
    }

    @Test func anEmptyNameIsNoFile() throws {
        let arguments = ["calibrate", "none", "--categories", "none", "--target", "background-quantile=0.99"]
        let result = try Tool.run(arguments + ["--output", ""], scratch: place.folder)
        #expect(result.status == 2 && result.errors.contains("--output is empty"), "\(result.errors)")
        #expect(try place.run("embed", "none", "--output", "").status == 2)
    }

    @Test(arguments: [
        ["embed", "none"], ["store", "export", "none"], ["store", "import", "none", "--model", "none"],
    ])
    func aFolderThatCannotBeWrittenEndsACommandAtOnce(command: [String]) throws {
        try place.write("text", "file")
        let path = place.path("file/store")
        let result = try Tool.run(command + ["--output", path], scratch: place.folder)
        #expect(result.status == 3)
        let reason = "\(place.path("file")) is a file"
        #expect(result.errors == "error: Cannot write to the folder \(path): \(reason).\n")
    }

    /// Whether or not the store is one that is read.
    @Test(arguments: commands, ["part-00000.parquet", "part-00007.parquet", "rejects.parquet", ".lock"])
    func noFileIsWrittenIntoAStore(command: [String], name: String) throws {
        try place.write([1], "store/part-00000.parquet")
        let result = try Tool.run(command + ["--output", place.path("store/\(name)")], scratch: place.folder)
        #expect(result.status == 2, "\(result.errors)")
        #expect(place.folder.names(in: "store") == ["part-00000.parquet"])
    }

    @Test func noFileIsWrittenIntoTheModelThatIsRead() throws {
        try place.write("{}", "model/model.json")
        for name in ["model.json", "golden.json"] {
            let options = ["--model", place.path("model"), "--output", place.path("model/\(name)")]
            let result = try Tool.run(["encode-text", "cat"] + options, scratch: place.folder)
            #expect(result.status == 2 && result.errors.contains("would write into the model"), "\(result.errors)")
        }
        #expect(try FileBytes.read(place.path("model/model.json")) == Array("{}".utf8))
    }

    @Test func aStoreIsNotMadeOfItsOwnFiles() throws {
        try place.write([1], "store/part-00000.parquet")
        let part = place.path("store/part-00000.parquet")
        let result = try place.run("embed", part, "--output", place.path("store"))
        #expect(result.status != 0 && result.errors.contains("--output would overwrite '\(part)'"), "\(result.errors)")
    }

    @Test(arguments: [">&-", ">&- 2>&-", "<&- >&- 2>&-"])
    func closedStreamsAreNoFilesOfTheTool(closing: String) async throws {
        let writer = try ParquetStoreWriter(path: place.path("store"), provenance: Provenance(.stub(dimension: 2)))
        let vectors = EmbeddingMatrix(dimension: 2, values: [1, 0, 1, 0])
        try await writer.append(EmbeddingBlock(ids: ["a.jpg", "b.jpg"], embeddings: vectors))
        try await writer.finish(.complete)
        let result = try Tool.run(
            ["duplicates", place.path("store"), "--output", place.path("groups.csv")],
            script: "exec \"$@\" \(closing)",
            scratch: place.folder
        )
        #expect(result.status == 0, "\(result.errors)")
        let text = String(decoding: try FileBytes.read(place.path("groups.csv")), as: UTF8.self)
        #expect(text.hasPrefix("group,id,cosine\r\n1,a.jpg,"), "\(text)")
        let info = try Tool.run(
            ["store", "info", place.path("store")],
            script: "exec \"$@\" \(closing)",
            scratch: place.folder
        )
        #expect(info.status == 0, "\(info.errors)")
    }

    #if os(Linux)
    /// GNU `dd` makes the pipe one that does not block writers.
    @Test func anOutputThatDoesNotWaitGetsEverything() throws {
        let count = 20_000
        try place.write(String(repeating: "a cat\n", count: count), "texts.txt")
        let result = try Tool.run(
            ["tokenize", "--json", "-"],
            script:
                "{ dd if=/dev/null oflag=nonblock status=none; \"$@\" <'\(place.path("texts.txt"))'; echo $? >&2; } "
                + "| { sleep 1; cat; }",
            scratch: place.folder
        )
        #expect(result.errors == "0\n")
        #expect(result.output.split(separator: "\n").count == count)
    }
    #endif

    /// As another user than the one whose run was killed, in a folder that both may write.
    @Test(.enabled(if: geteuid() == 0 && access("/usr/bin/setpriv", X_OK) == 0))
    func theLockThatAnotherUsersRunLeftIsRemoved() async throws {
        let provenance = Provenance(.stub(dimension: 4))
        let writer = try ParquetStoreWriter(path: place.path("store"), provenance: provenance)
        try await writer.finish(.complete)
        try place.write("host 4711 1\n", "store/.lock")
        for (name, mode) in [("", 0o755), ("store", 0o777), ("store/.lock", 0o644)] {
            try #require(chmod(place.path(name), mode_t(mode)) == 0)
        }
        let user = ["--reuid", "65534", "--regid", "65534", "--clear-groups"]
        let result = try Tool.run(
            user + [Tool.path, "store", "compact", place.path("store")],
            program: "/usr/bin/setpriv",
            scratch: place.folder
        )
        #expect(result.status == 0, "\(result.errors)")
        #expect(place.folder.names(in: "store") == ["part-00000.parquet", "rejects.parquet"])
    }
}
