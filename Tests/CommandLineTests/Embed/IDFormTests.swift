import CLIPArrow
import CLIPCore
import Testing

/// Ids depend on how many sources are named; a store notices when that would double its images.
@Suite(.serialized, .ownThreads) struct IDFormTests {
    private let place: Workplace

    init() throws {
        place = try Workplace()
        try place.addPhoto("rgb-420.jpg", as: "a.jpg")
        try place.write(ImageFile.bytes("gray.jpg"), "mixed/b.jpg")
        try #require(try place.embed().status == 0)
    }

    private func ids() throws -> Set<String> {
        var ids = Set<String>()
        try ParquetStore(path: place.path("store")).forEachBlock(rows: 10) { ids.formUnion($0.ids) }
        return ids
    }

    private func embedBoth(_ options: String...) throws -> Tool.Result {
        let sources = [place.path("photos"), place.path("mixed")]
        return try Tool.run(["embed"] + sources + ["--output", place.path("store")] + options, scratch: place.folder)
    }

    @Test func imagesAreNotStoredAgainUnderOtherIDs() throws {
        let result = try embedBoth()
        #expect(result.status == 3)
        for words in ["'image.jpg'", "'\(place.path("photos"))/image.jpg'", "--allow-new-ids"] {
            #expect(result.errors.contains(words), "\(result.errors)")
        }
        #expect(try ids() == ["a.jpg"])
    }

    @Test func newIDsAreAllowedOnRequestAndThenKnown() throws {
        let both = ["\(place.path("photos"))/a.jpg", "\(place.path("mixed"))/b.jpg"]
        #expect(try embedBoth("--allow-new-ids", "--prune").status == 0)
        #expect(try ids() == Set(both))
        #expect(try embedBoth().output.contains("2 skipped (unchanged)"))
    }

    @Test func aSingleFileOfAKnownFolderIsNotStoredAgain() throws {
        let file = place.path("photos/a.jpg")
        try place.write("\(place.path("mixed"))/b.jpg\n\(file)\n", "list.txt")
        for sources in [[file], ["--files-from", place.path("list.txt")]] {
            let result = try Tool.run(["embed"] + sources + ["--output", place.path("store")], scratch: place.folder)
            #expect(result.status == 3)
            for words in ["under the id 'a.jpg'", "would be '\(file)'", "--allow-new-ids"] {
                #expect(result.errors.contains(words), "\(result.errors)")
            }
        }
        #expect(try ids() == ["a.jpg"])
    }

    @Test func aNewFileOfAKnownFolderMayBeAdded() throws {
        try place.addPhoto("gray.jpg", as: "new.jpg")
        let file = place.path("photos/new.jpg")
        for _ in 1...2 {
            let result = try place.run("embed", file, "--output", place.path("store"))
            #expect(result.status == 0, "\(result.errors)")
        }
        #expect(try ids() == ["a.jpg", file])
    }

    @Test func aFolderInAKnownOneOrAroundItIsNotStoredAgain() throws {
        for folder in ["photos/sub", "photos/sub/deep"] {
            try place.write(ImageFile.bytes("gray.jpg"), "\(folder)/c.jpg")
        }
        try #require(try place.embed().status == 0)
        let stored = try ids()
        for (folder, id) in [("photos/sub", "sub/c.jpg"), ("photos/sub/deep", "sub/deep/c.jpg"), ("", "a.jpg")] {
            let result = try place.run("embed", place.path(folder), "--output", place.path("store"))
            #expect(result.status == 3 && result.errors.contains("under the id '\(id)'"), "\(folder): \(result.errors)")
        }
        #expect(try ids() == stored)
    }

    @Test(arguments: ["mixed", "photos/sub", "mixed/a.jpg"])
    func anImageIsNotReplacedByAnother(source: String) throws {
        for folder in ["mixed", "photos/sub"] { try place.write(ImageFile.bytes("gray.jpg"), "\(folder)/a.jpg") }
        try #require(try place.embed().status == 0)
        let stored = try ids()
        // From inside the folder, a single file has the same id as well.
        let isFile = source.hasSuffix(".jpg")
        let script = "cd \(place.path(isFile ? "mixed" : source)); exec \"$@\""
        let command = ["embed", isFile ? "a.jpg" : place.path(source), "--output", place.path("store")]
        let refused = try Tool.run(command, script: script, scratch: place.folder)
        let reason = "\(isFile ? source : "\(source)/a.jpg") would replace it"
        #expect(refused.status == 3 && refused.errors.contains(reason), "\(refused.errors)")
        #expect(try ids() == stored)
    }

    @Test func anImageIsReplacedByThatOfAnotherFolderOnRequest() throws {
        try place.write(ImageFile.bytes("gray.jpg"), "mixed/a.jpg")
        let command = ["embed", place.path("mixed"), "--output", place.path("store")]
        #expect(try Tool.run(command, scratch: place.folder).status == 3)
        #expect(try Tool.run(command + ["--allow-new-ids"], scratch: place.folder).status == 0)
        #expect(try ids() == ["a.jpg", "b.jpg"])
    }

    @Test func foldersThatUnicodeComposesDifferentlyAreTwo() throws {
        for (name, photo) in [("caf\u{E9}", "gray.jpg"), ("cafe\u{301}", "rgb-420.jpg")] {
            try place.write(ImageFile.bytes(photo), "\(name)/x.jpg")
        }
        let command = ["--output", place.path("other")]
        #expect(try Tool.run(["embed", place.path("caf\u{E9}")] + command, scratch: place.folder).status == 0)
        let refused = try Tool.run(["embed", place.path("cafe\u{301}")] + command, scratch: place.folder)
        #expect(refused.status == 3 && refused.errors.contains("would replace it"), "\(refused.errors)")
    }

    /// Ids begin with the folder, since there was another source.
    @Test func theSameSourcesAreTheSameEvenIfOneIsNotRecorded() throws {
        let sources = [place.path("mixed"), "http://me:secret@127.0.0.1:9/x.jpg"]
        for _ in 1...2 {
            let result = try Tool.run(
                ["embed"] + sources + ["--output", place.path("other"), "--allow-failures"],
                scratch: place.folder
            )
            #expect(result.status == 0, "\(result.errors)")
        }
    }

    @Test func anotherFolderMayBeAdded() throws {
        let result = try place.run("embed", place.path("mixed"), "--output", place.path("store"))
        #expect(result.status == 0, "\(result.errors)")
        #expect(try ids() == ["a.jpg", "b.jpg"])
    }
}
