import CLIPCore
import CLIPTesting
import Testing

@Suite struct PendingFileTests {
    private let folder: TemporaryFolder
    private var path: String { folder.path + "/part.parquet" }

    init() throws {
        folder = try TemporaryFolder()
    }

    private func completed(_ text: String) throws -> PendingFile {
        let file = try PendingFile(path: path)
        try folder.write(Array(text.utf8), to: String(PendingFile.parts(of: file.temporaryPath).name))
        return file
    }

    @Test func aNameIsGivenOnceWhereNothingMayBeReplaced() throws {
        let (first, second) = (try completed("first"), try completed("second"))
        #expect(try first.commitIfAbsent())
        #expect(try !second.commitIfAbsent())
        #expect(try FileBytes.read(path) == Array("first".utf8))
        second.discard()
        #expect(folder.names() == ["part.parquet"])
        let third = try completed("third")
        try third.commit()
        #expect(try FileBytes.read(path) == Array("third".utf8))
    }

    /// The way of file systems that cannot rename without replacing.
    @Test func aSecondNameIsGivenOnceToo() throws {
        let (first, second) = (try completed("first"), try completed("second"))
        try ExclusiveRename.link(first.temporaryPath, to: path, identity: first.identity)
        let error = #expect(throws: SystemError.self) {
            try ExclusiveRename.link(second.temporaryPath, to: path, identity: second.identity)
        }
        #expect(error?.description == "File exists")
        second.discard()
        #expect(folder.names() == ["part.parquet"])
        #expect(try FileBytes.read(path) == Array("first".utf8))
    }

    @Test func leftoversOfKilledRunsAreRemovedAndNoneOfALiveOne() throws {
        let live = try completed("live")
        let others = [
            ".notes.tmp", ".part.parquet.tmp", ".part.parquet.x7.tmp", ".other.parquet.7.tmp", "part.parquet.7.tmp",
        ]
        for name in others + [".part.parquet.4711.tmp", ".part.parquet.00c0ffee00c0ffee.tmp"] {
            try folder.write([1], to: name)
        }
        PendingFile.removeLeftovers(in: folder.path, names: folder.names()) { $0 == "part.parquet" }
        let hidden = String(PendingFile.parts(of: live.temporaryPath).name)
        #expect(Set(folder.names()) == Set(others + [hidden]))
        try live.commit()
        #expect(try FileBytes.read(path) == Array("live".utf8))
    }

    @Test func aFolderThatCannotBeWrittenIsNamedBeforeItIsCreated() throws {
        try folder.write([1], to: "file")
        try PendingFile.requireWritable(folder: folder.path + "/new/store/")
        #expect(folder.names() == ["file"])
        for (place, reason) in [("/file", "it is a file"), ("/file/store", "\(folder.path)/file is a file")] {
            let error = #expect(throws: CLIPError.self) {
                try PendingFile.requireWritable(folder: folder.path + place)
            }
            #expect(error?.message == "Cannot write to the folder \(folder.path + place): \(reason).")
        }
    }
}
