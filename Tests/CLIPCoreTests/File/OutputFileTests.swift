import CLIPCore
import CLIPTesting
import Testing

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

@Suite struct OutputFileTests {
    private func write(_ text: String, to path: String) throws {
        let file = try OutputFile(path: path)
        try file.write(text)
        try file.close()
    }

    private func mode(_ path: String) -> mode_t {
        var status = stat()
        return lstat(path, &status) == 0 ? status.st_mode & S_IFMT : 0
    }

    @Test func aLinkStaysOneAndItsFileIsReplaced() throws {
        let folder = try TemporaryFolder()
        let (file, link) = (folder.path + "/results.csv", folder.path + "/link.csv")
        try write("old", to: file)
        try #require(symlink("results.csv", link) == 0)
        try write("new", to: link)
        #expect(mode(link) == S_IFLNK)
        #expect(try FileBytes.read(file) == Array("new".utf8))
    }

    @Test func aPipeIsNotReplaced() throws {
        let folder = try TemporaryFolder()
        let pipe = folder.path + "/pipe"
        try #require(mkfifo(pipe, 0o600) == 0)
        let error = #expect(throws: CLIPError.self) { try write("text", to: pipe) }
        #expect(error?.code == .storage)
        #expect(error?.message == "Cannot write \(pipe): it is a device or a pipe. Name a regular file.")
        #expect(mode(pipe) == S_IFIFO)
    }

    @Test func aFolderIsRefusedBeforeAnythingIsWritten() throws {
        let folder = try TemporaryFolder()
        let error = #expect(throws: CLIPError.self) { try OutputFile(path: folder.path) }
        #expect(error?.message == "Cannot write \(folder.path): it is a folder. Name a file.")
    }

    @Test(arguments: [0o600, 0o640, 0o666] as [mode_t])
    func aFileThatIsReplacedKeepsItsPermissions(permissions: mode_t) throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/results.csv"
        try write("old", to: path)
        try #require(chmod(path, permissions) == 0)
        try write("new", to: path)
        var status = stat()
        try #require(stat(path, &status) == 0)
        #expect(status.st_mode & 0o777 == permissions)
        #expect(try FileBytes.read(path) == Array("new".utf8))
    }

    @Test func whoeverGuessesTheHiddenNameGetsNothingOverwritten() throws {
        let folder = try TemporaryFolder()
        try folder.write(Array("precious".utf8), to: "victim")
        try #require(symlink("victim", "\(folder.path)/.results.csv.\(getpid()).tmp") == 0)
        try write("new", to: folder.path + "/results.csv")
        #expect(try FileBytes.read(folder.path + "/victim") == Array("precious".utf8))
        #expect(mode(folder.path + "/results.csv") == S_IFREG)
    }

    @Test func twoWritersOfOneFileDoNotMix() throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/results.csv"
        let writers = try ["first\n", "second\n"].map { text in
            let file = try OutputFile(path: path)
            try file.write(String(repeating: text, count: 10_000))
            return file
        }
        for (writer, text) in zip(writers, ["first\n", "second\n"]) {
            try writer.close()
            #expect(try FileBytes.read(path) == Array(String(repeating: text, count: 10_000).utf8))
        }
        #expect(folder.names() == ["results.csv"])
    }

    @Test func aFileWhoseHiddenNameWasTakenAwayIsNotPublished() throws {
        let folder = try TemporaryFolder()
        let file = try OutputFile(path: folder.path + "/results.csv")
        try file.write("text")
        let hidden = try #require(folder.names().first)
        try #require(unlink("\(folder.path)/\(hidden)") == 0)
        try folder.write(Array("other".utf8), to: hidden)
        let error = #expect(throws: CLIPError.self) { try file.close() }
        #expect(error?.code == .storage && error?.message.contains("results.csv") == true)
        #expect((try? FileBytes.read(folder.path + "/results.csv")) == nil)
    }
}
