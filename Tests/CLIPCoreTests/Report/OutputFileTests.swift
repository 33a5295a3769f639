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
        #expect(error?.message == "Cannot write \(pipe): it is a device or a pipe. Name an ordinary file.")
        #expect(mode(pipe) == S_IFIFO)
    }

    @Test func aFolderIsRefusedBeforeAnythingIsWritten() throws {
        let folder = try TemporaryFolder()
        let error = #expect(throws: CLIPError.self) { try OutputFile(path: folder.path) }
        #expect(error?.message == "Cannot write \(folder.path): it is a folder. Name a file.")
    }
}
