import CLIPCore
import CLIPTesting
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
        #expect(try place.ids() == ["a.jpg"])
    }

    @Test func newIDsAreAllowedOnRequestAndThenKnown() throws {
        let both = ["\(place.path("photos"))/a.jpg", "\(place.path("mixed"))/b.jpg"]
        #expect(try embedBoth("--allow-new-ids", "--prune").status == 0)
        #expect(try place.ids() == Set(both))
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
        #expect(try place.ids() == ["a.jpg"])
    }

    @Test func aNewFileOfAKnownFolderMayBeAdded() throws {
        try place.addPhoto("gray.jpg", as: "new.jpg")
        let file = place.path("photos/new.jpg")
        for _ in 1...2 {
            let result = try place.run("embed", file, "--output", place.path("store"))
            #expect(result.status == 0, "\(result.errors)")
        }
        #expect(try place.ids() == ["a.jpg", file])
    }

    @Test func aFolderInAKnownOneOrAroundItIsNotStoredAgain() throws {
        for folder in ["photos/sub", "photos/sub/deep"] {
            try place.write(ImageFile.bytes("gray.jpg"), "\(folder)/c.jpg")
        }
        try #require(try place.embed().status == 0)
        let stored = try place.ids()
        for (folder, id) in [("photos/sub", "sub/c.jpg"), ("photos/sub/deep", "sub/deep/c.jpg"), ("", "a.jpg")] {
            let result = try place.run("embed", place.path(folder), "--output", place.path("store"))
            #expect(result.status == 3 && result.errors.contains("under the id '\(id)'"), "\(folder): \(result.errors)")
        }
        #expect(try place.ids() == stored)
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

    @Test func aFileThatDoesNotExistFailsOnItsOwn() throws {
        try place.write("a.jpg\n\(place.path("photos/gone.jpg"))\nb.jpg\n", "list.txt")
        let command = ["embed", "--files-from", place.path("list.txt"), "--output", place.path("store")]
        let script = "cd \(place.path("mixed")); exec \"$@\""
        let result = try Tool.run(command, script: script, scratch: place.folder)
        #expect(result.status == 1 && result.output.contains("1 embedded, 2 failed"), "\(result.errors)")
        #expect(try place.ids() == ["a.jpg", "b.jpg"])
    }

    @Test func sourcesOfOneRunDoNotHaveAnImageTwice() throws {
        try place.write(ImageFile.bytes("gray.jpg"), "photos/sub/c.jpg")
        try place.write("\(place.path("photos/a.jpg"))\n", "list.txt")
        let list = ["--files-from", place.path("list.txt")]
        let doubled = [
            ["photos", "./photos"], ["photos", "./photos/sub"], ["photos", "./photos/a.jpg"], ["photos"] + list,
        ]
        func embed(_ sources: [String]) throws -> Tool.Result {
            let command = ["embed"] + sources + ["--output", place.path("new")]
            return try Tool.run(command, script: "cd \(place.folder.path); exec \"$@\"", scratch: place.folder)
        }
        for sources in doubled {
            let refused = try embed(sources)
            #expect(refused.status == 3 && refused.errors.contains("is among the sources twice"), "\(refused.errors)")
        }
        #expect(!place.folder.names().contains("new"))
        // What a folder leaves out is not there twice.
        let other = try embed(["photos", "mixed", "--exclude", "a.jpg"] + list)
        #expect(other.status == 0 && other.output.contains("3 embedded"), "\(other.output)\(other.errors)")
        #expect(try embed(["photos"] + list + ["--allow-new-ids"]).status == 0)
    }

    @Test func aListKnowsFoldersThatUnicodeComposesDifferently() throws {
        for name in ["caf\u{E9}", "cafe\u{301}"] { try place.write(ImageFile.bytes("gray.jpg"), "\(name)/x.jpg") }
        let store = ["--output", place.path("other")]
        try #require(try Tool.run(["embed", place.path("cafe\u{301}")] + store, scratch: place.folder).status == 0)
        let files = ["caf\u{E9}", "cafe\u{301}"].map { place.path("\($0)/x.jpg") }
        try place.write(files.joined(separator: "\n"), "list.txt")
        let command = ["embed", "--files-from", place.path("list.txt")] + store
        let refused = try Tool.run(command, scratch: place.folder)
        #expect(refused.status == 3 && refused.errors.contains("under the id 'x.jpg'"), "\(refused.errors)")
    }

    @Test func aFolderAtAURIIsTheFolder() throws {
        let uri = "file://\(place.path("photos"))"
        try place.write("\(uri)/a.jpg\n", "list.txt")
        let known = try place.run("embed", "\(uri)/", "--output", place.path("store"))
        #expect(known.output.contains("0 embedded, 1 skipped (unchanged)"), "\(known.output)\(known.errors)")
        for sources in [["\(uri)/", place.path("mixed")], ["--files-from", place.path("list.txt")], ["\(uri)/a.jpg"]] {
            let refused = try Tool.run(["embed"] + sources + ["--output", place.path("store")], scratch: place.folder)
            #expect(refused.status == 3 && refused.errors.contains("stored twice"), "\(refused.errors)")
        }
        #expect(try place.ids() == ["a.jpg"])
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
        #expect(try place.ids() == ["a.jpg", "b.jpg"])
    }
}
