import CLIPCache
import CLIPCore
import CLIPDigest
import CLIPTesting
import Testing

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// A file that was found right is not read again, and one that may have changed is.
@Suite struct CheckedFilesTests {
    /// A file, and a memory that holds it.
    private struct Place {
        static let contents = Array("weights".utf8)
        static let sha256 = SHA256.hexadecimal(of: contents)
        static let wrong = String(repeating: "0", count: 64)

        let folder: TemporaryFolder
        let file: String
        var memory: String { "\(folder.path)/cache/\(CheckedFiles.fileName)" }

        init() throws {
            folder = try TemporaryFolder()
            file = "\(folder.path)/file.pt"
            try write(Self.contents)
            setTime()
            #expect(try check(now: Self.later) == Self.sha256)
        }

        /// Long after everything that the test writes.
        static var later: FileState.Time { .init(seconds: FileState.Time.now.seconds + 60, nanoseconds: 0) }

        func write(_ bytes: [UInt8]) throws { try folder.write(bytes, to: "file.pt") }

        func check(now: FileState.Time = Self.later, reads: Bool = false) throws -> String {
            try CheckedFiles(folder: "\(folder.path)/cache")
                .sha256(ofFile: file, expected: Self.sha256, reads: reads, now: now)
        }

        /// Whether the file would count as right without being read.
        func isRemembered() throws -> Bool {
            let key = try #require(FileState(path: file).flatMap { CheckedFiles.key(file, $0, Self.sha256) })
            return RecordFile(path: memory, contentBytes: 0).row(of: key) != nil
        }

        /// Gives the file a time of modification, as unpacking and copying do.
        func setTime() {
            let time = timespec(tv_sec: 1_700_000_000, tv_nsec: 5)
            #expect(utimensat(AT_FDCWD, file, [time, time], 0) == 0)
        }
    }

    @Test func anUnchangedFileIsRemembered() throws {
        let place = try Place()
        #expect(try place.isRemembered())
        #expect(try place.check() == Place.sha256)
        #expect(place.folder.names(in: "cache") == [CheckedFiles.fileName])
    }

    @Test func aFileThatShouldBeAnotherIsRead() throws {
        let place = try Place()
        let files = CheckedFiles(folder: "\(place.folder.path)/cache")
        #expect(try files.sha256(ofFile: place.file, expected: Place.wrong, now: Place.later) == Place.sha256)
        #expect(try files.sha256(ofFile: place.file, expected: Place.wrong, now: Place.later) == Place.sha256)
    }

    @Test func otherContentsOfTheSameSizeAndTimeAreNoticed() throws {
        let place = try Place()
        try place.write(Array("WEIGHTS".utf8))
        place.setTime()
        #expect(try !place.isRemembered())
        #expect(try place.check() == SHA256.hexadecimal(of: Array("WEIGHTS".utf8)))
    }

    @Test func anotherFileUnderTheNameIsNoticed() throws {
        let place = try Place()
        try place.folder.write(Array("WEIGHTS".utf8), to: "other.pt")
        #expect(rename("\(place.folder.path)/other.pt", place.file) == 0)
        place.setTime()
        #expect(try place.check() == SHA256.hexadecimal(of: Array("WEIGHTS".utf8)))
    }

    @Test func aFileIsReadWhenThatIsAskedFor() throws {
        let place = try Place()
        // The memory says that the changed file is right, as after a change that left no trace.
        try place.write(Array("WEIGHTS".utf8))
        let key = try #require(FileState(path: place.file).flatMap { CheckedFiles.key(place.file, $0, Place.sha256) })
        let addition = RecordFile.Addition(key: key, contents: [])
        try RecordFile.update(place.memory, contentBytes: 0, maximumBytes: .max, adding: [addition])
        #expect(try place.check() == Place.sha256)
        #expect(try place.check(reads: true) != Place.sha256)
        // What was found wrong does not count as right any more.
        #expect(try !place.isRemembered())
        #expect(try place.check() != Place.sha256)
    }

    @Test func whatIsFoundWrongIsForgottenInMemoryToo() throws {
        let place = try Place()
        let files = CheckedFiles(folder: "\(place.folder.path)/cache")
        try place.write(Array("WEIGHTS".utf8))
        let key = try #require(FileState(path: place.file).flatMap { CheckedFiles.key(place.file, $0, Place.sha256) })
        try RecordFile.update(
            place.memory,
            contentBytes: 0,
            maximumBytes: .max,
            adding: [.init(key: key, contents: [])]
        )
        #expect(files.knows(key))
        #expect(try files.sha256(ofFile: place.file, expected: Place.sha256, reads: true) != Place.sha256)
        #expect(!files.knows(key))
    }

    @Test(arguments: [nil, "file.pt/cache"])
    func aFileIsReadOnceInAProcessWhereNothingCanBeKept(_ folder: String?) throws {
        let place = try Place()
        let files = CheckedFiles(folder: folder.map { "\(place.folder.path)/\($0)" })
        let key = try #require(FileState(path: place.file).flatMap { CheckedFiles.key(place.file, $0, Place.sha256) })
        #expect(!files.knows(key))
        #expect(try files.sha256(ofFile: place.file, expected: Place.sha256, now: Place.later) == Place.sha256)
        #expect(files.knows(key))
        try place.write(Array("WEIGHTS".utf8))
        #expect(try files.sha256(ofFile: place.file, expected: Place.sha256, now: Place.later) != Place.sha256)
    }

    /// A write within the same tick of the clock would not show.
    @Test func aFileThatWasJustWrittenIsNotRemembered() throws {
        let place = try Place()
        try place.write(Place.contents)
        #expect(try place.check(now: .now) == Place.sha256)
        #expect(try !place.isRemembered())
        #expect(try place.check() == Place.sha256)
        #expect(try place.isRemembered())
    }

    @Test func aDamagedMemoryIsReplaced() throws {
        let place = try Place()
        var bytes = try FileBytes.read(place.memory)
        for damage in [0, 9, 13, 20, bytes.count - 1] {
            bytes[damage] ^= 0xFF
            try place.folder.write(bytes, to: "cache/\(CheckedFiles.fileName)")
            #expect(try !place.isRemembered(), "byte \(damage)")
            #expect(try place.check() == Place.sha256)
            #expect(try place.isRemembered())
            bytes = try FileBytes.read(place.memory)
        }
        try place.folder.write(Array(bytes.dropLast()), to: "cache/\(CheckedFiles.fileName)")
        #expect(try !place.isRemembered())
    }

    @Test func aMemoryThatOthersMayWriteIsNotBelieved() throws {
        let place = try Place()
        chmod(place.memory, 0o666)
        #expect(try !place.isRemembered())
    }

    @Test func aFolderThatOthersMayWriteIsNotUsed() throws {
        let place = try Place()
        let folder = "\(place.folder.path)/cache"
        let before = try FileBytes.read(place.memory)
        chmod(folder, 0o777)
        #expect(try !place.isRemembered())
        try place.write(Array("WEIGHTS".utf8))
        try place.write(Place.contents)
        #expect(try place.check() == Place.sha256)
        #expect(try FileBytes.read(place.memory) == before)
        #expect(place.folder.names(in: "cache") == [CheckedFiles.fileName])
        chmod(folder, 0o700)
        #expect(try place.check() == Place.sha256)
        #expect(try place.isRemembered())
    }

    /// Through a link, somebody else's file would be believed, or this user's own replaced.
    @Test func aMemoryThatIsALinkIsNeitherBelievedNorReplaced() throws {
        let place = try Place()
        let other = "\(place.folder.path)/other"
        #expect(rename(place.memory, other) == 0)
        symlink(other, place.memory)
        let before = try FileBytes.read(other)
        #expect(try !place.isRemembered())
        try place.write(Array("WEIGHTS".utf8))
        try place.write(Place.contents)
        #expect(try place.check() == Place.sha256)
        #expect(try FileBytes.read(other) == before)
        var status = stat()
        #expect(lstat(place.memory, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK)
    }

    /// As when the system's administrator runs the tool with a user's `HOME`.
    @Test(.enabled(if: geteuid() == 0, "only root can give a folder away"))
    func aFolderOfAnotherUserIsNotUsed() throws {
        let place = try Place()
        let folder = "\(place.folder.path)/cache"
        let before = try FileBytes.read(place.memory)
        for path in [place.memory, folder] { #expect(chown(path, 12345, 12345) == 0) }
        #expect(try !place.isRemembered())
        try place.write(Array("WEIGHTS".utf8))
        try place.write(Place.contents)
        #expect(try place.check() == Place.sha256)
        #expect(try FileBytes.read(place.memory) == before)
        var status = stat()
        #expect(stat(place.memory, &status) == 0 && status.st_uid == 12345)
    }

    @Test func theMemoryIsForThisUserAlone() throws {
        let place = try Place()
        var status = stat()
        #expect(stat("\(place.folder.path)/cache", &status) == 0 && status.st_mode & 0o777 == 0o700)
        #expect(stat(place.memory, &status) == 0 && status.st_mode & 0o777 == 0o600)
    }

    /// A folder cannot be made below a file: as on a disk that may only be read, for whoever runs the test.
    @Test func aMemoryThatCannotBeWrittenIsNoError() throws {
        let place = try Place()
        for folder in ["\(place.file)/cache", nil] {
            let files = CheckedFiles(folder: folder)
            #expect(try files.sha256(ofFile: place.file, expected: Place.sha256, now: Place.later) == Place.sha256)
            #expect(try files.sha256(ofFile: place.file, expected: Place.wrong, now: Place.later) == Place.sha256)
        }
    }

    @Test func theMemoryStaysSmall() throws {
        let folder = try TemporaryFolder()
        let path = "\(folder.path)/memory"
        let maximum = 1000
        for number in 0..<50 {
            let addition = RecordFile.Addition(key: RecordKey(of: [[UInt8(number)]]), contents: [])
            try RecordFile.update(path, contentBytes: 0, maximumBytes: maximum, adding: [addition])
            #expect(try FileBytes.size(path) <= maximum)
        }
        let file = RecordFile(path: path, contentBytes: 0)
        #expect(file.count == (maximum - RecordFile.headBytes - 32) / RecordFile.entryBytes)
        #expect(file.row(of: RecordKey(of: [[0]])) != nil)
    }
}
